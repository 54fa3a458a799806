using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Engines.Sql.Shared;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Platform.Turns;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;
using Microsoft.Extensions.DependencyInjection;
using static Hypersend.ServerTests.Files.Bytes;

namespace Hypersend.ServerTests.Files;

/// <summary>
/// A server stood still in the middle of a chunk, or did not hear of the database: another one has the lease by now and writes in the
/// same place of the same file. Whatever the first one still does, the bytes of the second stay as they are.
/// </summary>
[PlainFolder("the other server's bytes are put there by hand")]
public sealed class LostLeaseTests : IAsyncLifetime
{
    private const int Piece = 512 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Guid _other = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
    private readonly byte[] _theirs = Of(Mega, seed: 3);
    private readonly byte[] _mine = Of(Mega, seed: 4);
    private readonly ManualClock _clock = new();

    private App _app = null!;
    private Person _ana = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        if (TestDatabase.Missing is not null)
            return;
        _app = await App.StartWithAsync(_clock, services => services.AddSingleton<IChunkLeases>(provider => new DeafLeases(
            new SqlChunkLeases(provider.GetRequiredService<SqlDatabase>(), new ThisNode(_other, _other)))));
        _ana = await _app.SignUpAsync("ana");
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
    }

    [Fact]
    public async Task What_is_given_up_is_not_taken_out_of_the_file_any_more()
    {
        var upload = await _ana.BeginAsync(null, Mega);
        var body = new DrippingContent(_mine[..Piece]);
        var mine = _ana.PutChunkAsync(upload.UploadId, "0", body);
        await WrittenAsync(upload.FileId, _mine.AsMemory(0, Piece));
        await LoseAsync(upload.FileId, chunk: 0);

        // The client is gone in the middle: what came of it is given back, where it is ours to give.
        body.End();
        using var answer = await mine.WaitAsync(Patience, Cancellation);
        Assert.False(answer.IsSuccessStatusCode);
        await ShouldBeTheirsAsync(upload.FileId);
    }

    [Fact]
    public async Task Who_stood_still_for_longer_than_the_lease_writes_no_more()
    {
        var upload = await _ana.BeginAsync(null, Mega);
        var body = new DrippingContent(_mine[..Piece], _mine[Piece..]);
        var mine = _ana.PutChunkAsync(upload.UploadId, "0", body);
        await WrittenAsync(upload.FileId, _mine.AsMemory(0, Piece));
        await LoseAsync(upload.FileId, chunk: 0);
        _clock.Advance(TimeSpan.FromSeconds(11));
        body.End();
        using var answer = await mine.WaitAsync(Patience, Cancellation);
        Assert.Contains(ErrorCodes.ChunkSuperseded, await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        await ShouldBeTheirsAsync(upload.FileId);
    }

    [Fact]
    public async Task An_upload_by_tus_that_went_on_elsewhere_is_left_alone()
    {
        using var made = await TusAsync(HttpMethod.Post, "/api/v1/tus", new ByteArrayContent([]), ("Upload-Length", Mega.ToString(CultureInfo.InvariantCulture)));
        var place = made.Headers.Location!.ToString();
        var file = FileId.Parse(place.Split('/')[^1], null);
        var body = new DrippingContent(_mine[..Piece], _mine[Piece..]) { Headers = { ContentType = new MediaTypeHeaderValue("application/offset+octet-stream") } };
        var mine = TusAsync(HttpMethod.Patch, place, body, ("Upload-Offset", "0"));
        await WrittenAsync(file, _mine.AsMemory(0, Piece));
        await LoseAsync(file, OpenUpload.Whole);
        _clock.Advance(TimeSpan.FromSeconds(11));
        body.End();
        using var answer = await mine.WaitAsync(Patience, Cancellation);
        Assert.Equal(409, (int)answer.StatusCode);
        Assert.Equal(_theirs, await OnDiskAsync(file, Mega));
    }

    /// <summary>Another server has the lease now, and has written all of the chunk.</summary>
    private async Task LoseAsync(FileId file, int chunk)
    {
        using (var handle = File.OpenHandle(PathOf(file), FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            RandomAccess.Write(handle, _theirs, 0);
        var taken = await _app.Services.GetRequiredService<SqlDatabase>().WriteAsync(
            sql => sql.ExecuteAsync(
                "UPDATE chunk_leases SET holder = @_other WHERE chunk = @chunk AND file_no = (SELECT no FROM files WHERE id = @file)", new { _other, chunk, file }),
            Cancellation);
        Assert.Equal(1, taken);
    }

    /// <summary>The other server writes its row down, and whoever fetches the file gets what it wrote.</summary>
    private async Task ShouldBeTheirsAsync(FileId file)
    {
        var row = new ChunkRow { Chunk = 0, Length = Mega, Sha256 = SHA256.HashData(_theirs), Crc32 = Crc32.Append(0, _theirs), Lease = _other };
        var added = await _app.Services.GetRequiredService<IUploadStore>().AddChunkAsync(
            file, row, null, new UploadLimits(0, null, Mega, TimeSpan.FromHours(1)), _clock.GetUtcNow(), Cancellation);
        Assert.Null(added.Failure);
        await _ana.Files.CompleteAsync(file);
        using var answer = await _app.FetchAsync(_ana, file.DownloadPath()).OpenedAsync(200);
        Assert.Equal(_theirs, await answer.Content.ReadAsByteArrayAsync(Cancellation));
    }

    private async Task WrittenAsync(FileId file, ReadOnlyMemory<byte> bytes)
    {
        using var late = new CancellationTokenSource(Patience);
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!(await OnDiskAsync(file, bytes.Length)).AsSpan().SequenceEqual(bytes.Span))
            await tick.WaitForNextTickAsync(late.Token);
    }

    private async Task<byte[]> OnDiskAsync(FileId file, int length)
    {
        var bytes = new byte[length];
        using var handle = File.OpenHandle(PathOf(file), FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        await RandomAccess.ReadAsync(handle, bytes, 0, Cancellation);
        return bytes;
    }

    private string PathOf(FileId file) => _app.Services.GetRequiredService<IBlobStore>().PathOf(file)!;

    private Task<HttpResponseMessage> TusAsync(HttpMethod method, string path, HttpContent content, params (string Name, string Value)[] headers)
    {
        foreach (var (name, value) in headers.Prepend(("Tus-Resumable", "1.0.0")))
            content.Headers.TryAddWithoutValidation(name, value);
        return _ana.SendAsync(method, path, content);
    }

    /// <summary>The database does not answer who asks to keep a lease.</summary>
    private sealed class DeafLeases(SqlChunkLeases inner) : IChunkLeases
    {
        public bool AreNeeded => true;

        public Task<LeaseAnswer> TakeAsync(FileId file, int chunk, Guid holder, TimeSpan length, CancellationToken cancellation) =>
            inner.TakeAsync(file, chunk, holder, length, cancellation);

        public async Task<bool> RenewAsync(FileId file, int chunk, Guid holder, TimeSpan length, CancellationToken cancellation)
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return false;
        }

        public Task<bool> KeepAsync(FileId file, int chunk, Guid holder, TimeSpan length, CancellationToken cancellation) =>
            inner.KeepAsync(file, chunk, holder, length, cancellation);

        public Task EndAsync(FileId file, int chunk, Guid holder, CancellationToken cancellation) => inner.EndAsync(file, chunk, holder, cancellation);
    }
}
