using System.Buffers;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;
using Microsoft.Extensions.DependencyInjection;

namespace Hypersend.ServerTests.Faults;

/// <summary>The real blob store, with a plan for what fails: every call of it, of its writes and of its readers counts as one.</summary>
internal sealed class FailingBlobStore(IBlobStore inner, FaultPlan plan) : IBlobStore
{
    public long? FreeBytes => inner.FreeBytes;

    /// <summary>Puts itself in the place of whichever store the settings chose.</summary>
    public static Action<IServiceCollection> With(FaultPlan plan) => services =>
    {
        var real = services.Single(service => service.ServiceType == typeof(IBlobStore));
        services.Remove(real);
        services.AddSingleton<IBlobStore>(provider => new FailingBlobStore(
            (IBlobStore)(real.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, real.ImplementationType!)), plan));
    };

    public Task CreateAsync(FileId file, CancellationToken cancellation)
    {
        plan.Call();
        return inner.CreateAsync(file, cancellation);
    }

    public async ValueTask<IBlobWrite> WriteAsync(FileId file, BlobPlace place, CancellationToken cancellation)
    {
        plan.Call();
        return new FailingWrite(await inner.WriteAsync(file, place, cancellation), plan);
    }

    public Task GiveBackAsync(FileId file, BlobPlace place, CancellationToken cancellation)
    {
        plan.Call();
        return inner.GiveBackAsync(file, place, cancellation);
    }

    public async ValueTask<IBlobReader> OpenAsync(FileId file, CancellationToken cancellation)
    {
        plan.Call();
        return new FailingReader(await inner.OpenAsync(file, cancellation), plan);
    }

    public Task DeleteAsync(FileId file, CancellationToken cancellation)
    {
        plan.Call();
        return inner.DeleteAsync(file, cancellation);
    }

    public Task KeepAsideAsync(FileId file, string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        plan.Call();
        return inner.KeepAsideAsync(file, name, bytes, cancellation);
    }

    public Task<Stream?> OpenAsideAsync(FileId file, string name, CancellationToken cancellation)
    {
        plan.Call();
        return inner.OpenAsideAsync(file, name, cancellation);
    }

    public Task DeleteAsideAsync(FileId file, string name, CancellationToken cancellation)
    {
        plan.Call();
        return inner.DeleteAsideAsync(file, name, cancellation);
    }

    public IAsyncEnumerable<FileId> ListAsync(CancellationToken cancellation)
    {
        plan.Call();
        return inner.ListAsync(cancellation);
    }

    public string? PathOf(FileId file) => inner.PathOf(file);

    private sealed class FailingWrite(IBlobWrite inner, FaultPlan plan) : IBlobWrite
    {
        public ValueTask WriteAsync(ReadOnlySequence<byte> bytes, CancellationToken cancellation)
        {
            plan.Call();
            return inner.WriteAsync(bytes, cancellation);
        }

        public ValueTask<string?> FinishAsync(CancellationToken cancellation)
        {
            plan.Call();
            return inner.FinishAsync(cancellation);
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }

    private sealed class FailingReader(IBlobReader inner, FaultPlan plan) : IBlobReader
    {
        public ValueTask<int> ReadAsync(BlobPlace part, long offsetInPart, Memory<byte> buffer, CancellationToken cancellation)
        {
            plan.Call();
            return inner.ReadAsync(part, offsetInPart, buffer, cancellation);
        }

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
