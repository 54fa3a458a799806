using System.Buffers;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Files;

/// <summary>The real store, with something in front of each of its writes that may fail in its place.</summary>
internal sealed class MoodyBlobs(IBlobStore inner, Action before) : IBlobStore
{
    public long? FreeBytes => inner.FreeBytes;

    /// <summary>Puts itself in the place of whichever store the settings chose.</summary>
    public static Action<IServiceCollection> With(Action before) => services =>
    {
        var real = services.Last(service => service.ServiceType == typeof(IBlobStore));
        services.Remove(real);
        services.AddSingleton<IBlobStore>(provider => new MoodyBlobs((IBlobStore)real.ImplementationFactory!(provider), before));
    };

    public Task CreateAsync(FileId file, CancellationToken cancellation) => Try(() => inner.CreateAsync(file, cancellation));

    public async ValueTask<IBlobWrite> WriteAsync(FileId file, BlobPlace place, CancellationToken cancellation)
    {
        before();
        return new Write(await inner.WriteAsync(file, place, cancellation), before);
    }

    public Task GiveBackAsync(FileId file, BlobPlace place, CancellationToken cancellation) => Try(() => inner.GiveBackAsync(file, place, cancellation));

    public ValueTask<IBlobReader> OpenAsync(FileId file, CancellationToken cancellation) => inner.OpenAsync(file, cancellation);

    public Task DeleteAsync(FileId file, CancellationToken cancellation) => Try(() => inner.DeleteAsync(file, cancellation));

    public Task KeepAsideAsync(FileId file, string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation) =>
        Try(() => inner.KeepAsideAsync(file, name, bytes, cancellation));

    public Task<Stream?> OpenAsideAsync(FileId file, string name, CancellationToken cancellation) => inner.OpenAsideAsync(file, name, cancellation);

    public Task DeleteAsideAsync(FileId file, string name, CancellationToken cancellation) => Try(() => inner.DeleteAsideAsync(file, name, cancellation));

    public IAsyncEnumerable<FileId> ListAsync(CancellationToken cancellation) => inner.ListAsync(cancellation);

    public string? PathOf(FileId file) => inner.PathOf(file);

    private async Task Try(Func<Task> call)
    {
        before();
        await call();
    }

    private sealed class Write(IBlobWrite inner, Action before) : IBlobWrite
    {
        public ValueTask WriteAsync(ReadOnlySequence<byte> bytes, CancellationToken cancellation)
        {
            before();
            return inner.WriteAsync(bytes, cancellation);
        }

        public async ValueTask<string?> FinishAsync(CancellationToken cancellation)
        {
            before();
            return await inner.FinishAsync(cancellation);
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
