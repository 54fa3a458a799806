using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Files;
using Hypersend.ServerTests.Files;
using Hypersend.ServerTests.Fixture;
using Microsoft.Extensions.DependencyInjection;
using static Hypersend.ServerTests.Files.Bytes;

namespace Hypersend.ServerTests.Nodes;

/// <summary>One file through two nodes that share a folder: whatever one of them was told, the other one knows.</summary>
public sealed class UploadsAcrossNodesTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly byte[] _whole = Of((4 * Mega) + 77, seed: 9);

    [Fact]
    public async Task Chunks_come_through_both_in_turn_and_the_other_one_is_asked_followed_and_told_to_complete()
    {
        TwoNodes.AreNeeded();
        var (ana, elsewhere) = await SignUpAsync("ana");
        var upload = await ana.BeginAsync(null, _whole.Length);
        var following = FollowAsync(elsewhere, upload.FileId);
        for (var chunk = 0; chunk < upload.TotalChunks; chunk++)
            await (chunk % 2 == 0 ? ana : elsewhere).SendAsync(upload, _whole, chunk);

        // What came through the other node comes once more through this one: the same is no error, anything else is refused.
        using (var same = await ana.PutChunkAsync(upload.UploadId, 1, _whole[Mega..(2 * Mega)]))
            Assert.Equal(HttpStatusCode.OK, same.StatusCode);
        using (var different = await ana.PutChunkAsync(upload.UploadId, 3, Of(Mega, seed: 10)))
            Assert.Equal(HttpStatusCode.Conflict, different.StatusCode);
        Assert.Equal([[0, 4]], (await elsewhere.Files.GetStatusAsync(upload.UploadId)).Received);
        Assert.Equal(Root(_whole), (await elsewhere.Files.CompleteAsync(upload.UploadId)).Sha256Root);
        Assert.Equal(_whole, await following.WaitAsync(Patience));
        Assert.Equal(_whole, await FollowAsync(ana, upload.FileId));

        // A node that has it in memory as one that goes on learns from the rows that it does not.
        using var late = await ana.PutChunkAsync(upload.UploadId, 0, _whole[..Mega]);
        Assert.Equal(HttpStatusCode.OK, late.StatusCode);
    }

    [Fact]
    public async Task What_cannot_be_taken_is_refused_as_where_the_upload_ended()
    {
        TwoNodes.AreNeeded();
        var (ana, elsewhere) = await SignUpAsync("ana");
        var upload = await ana.BeginAsync(null, Mega);
        await ana.PutChunkAsync(upload.UploadId, 1, _whole[..77]).RefusedAsync(422, ErrorCodes.ChunkOutOfRange);
        await elsewhere.SendAsync(upload, _whole, 0);
        await elsewhere.Files.CompleteAsync(upload.UploadId);
        await ana.PutChunkAsync(upload.UploadId, 1, _whole[..77]).RefusedAsync(409, ErrorCodes.UploadClosed);

        var other = await ana.BeginAsync(null, 2 * Mega);
        await ana.SendAsync(other, _whole, 0);
        await elsewhere.Files.DeleteAsync(other.UploadId);
        await ana.PutChunkAsync(other.UploadId, 0, _whole[..Mega]).RefusedAsync(404, ErrorCodes.NotFound);
        await ana.PutChunkAsync(other.UploadId, 2, _whole[..77]).RefusedAsync(404, ErrorCodes.NotFound);
    }

    [Fact]
    public async Task What_is_cancelled_on_one_is_over_on_the_other()
    {
        TwoNodes.AreNeeded();
        var (ana, elsewhere) = await SignUpAsync("ana");
        var upload = await ana.BeginAsync(null, _whole.Length);
        await elsewhere.SendAsync(upload, _whole, 0);
        await ana.Files.DeleteAsync(upload.UploadId);
        using var answer = await elsewhere.PutChunkAsync(upload.UploadId, 1, _whole[Mega..(2 * Mega)]);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Who_comes_with_the_same_chunk_to_the_other_node_puts_the_first_out()
    {
        TwoNodes.AreNeeded();
        var (ana, elsewhere) = await SignUpAsync("ana");
        var upload = await ana.BeginAsync(null, Mega);
        var stalled = new DrippingContent();
        var first = ana.PutChunkAsync(upload.UploadId, "0", stalled);
        using (var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10)))
        {
            while (await Leases.TakeAsync(upload.FileId, 0, Guid.CreateVersion7(TimeProvider.System.GetUtcNow()), TimeSpan.Zero, CancellationToken.None) != LeaseAnswer.HeldByAnother)
                await tick.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        await elsewhere.SendAsync(upload, _whole, 0).WaitAsync(Patience);
        stalled.End();
        using var answer = await first.WaitAsync(Patience);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Contains(ErrorCodes.ChunkSuperseded, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(_whole[..Mega], await nodes.Other.StoredAsync(upload.FileId));
    }

    [Fact]
    public async Task What_a_node_that_died_was_writing_is_written_by_the_other_when_its_lease_has_ended()
    {
        TwoNodes.AreNeeded();
        var (ana, elsewhere) = await SignUpAsync("ana");
        var upload = await ana.BeginAsync(null, Mega);
        var dead = Guid.CreateVersion7(TimeProvider.System.GetUtcNow());
        Assert.Equal(LeaseAnswer.Taken, await Leases.TakeAsync(upload.FileId, 0, dead, TimeSpan.FromMilliseconds(300), CancellationToken.None));
        await elsewhere.SendAsync(upload, _whole, 0).WaitAsync(Patience);

        // Should it have been only asleep: what it wrote does not count any more.
        Assert.False(await Leases.RenewAsync(upload.FileId, 0, dead, TimeSpan.FromSeconds(1), CancellationToken.None));
        Assert.Equal(LeaseAnswer.Written, await Leases.TakeAsync(upload.FileId, 0, dead, TimeSpan.FromSeconds(1), CancellationToken.None));
        await ana.Files.CompleteAsync(upload.UploadId);
    }

    [Fact]
    public async Task An_upload_by_tus_goes_on_at_the_other_node_in_the_middle_of_a_chunk()
    {
        TwoNodes.AreNeeded();
        var (ana, elsewhere) = await SignUpAsync("ana");
        using var made = await TusAsync(ana, HttpMethod.Post, "/api/v1/tus", null, ("Upload-Length", _whole.Length.ToString(CultureInfo.InvariantCulture)));
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var place = made.Headers.Location!.ToString();
        const int piece = 700_000;
        for (var (at, number) = (0, 0); at < _whole.Length; at += piece, number++)
        {
            var bytes = _whole[at..Math.Min(at + piece, _whole.Length)];
            using var answer = await TusAsync(number % 2 == 0 ? elsewhere : ana, HttpMethod.Patch, place, bytes, ("Upload-Offset", at.ToString(CultureInfo.InvariantCulture)));
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        }

        var file = FileId.Parse(place.Split('/')[^1], null);
        Assert.Equal(FileStates.Ready, (await ana.Files.GetAsync(file)).State);
        Assert.Equal(_whole, await FollowAsync(ana, file));
        var digests = await elsewhere.Files.GetDigestsAsync(file);
        Assert.Equal(_whole.Chunk(digests.ChunkSize).Select(chunk => Convert.ToHexStringLower(SHA256.HashData(chunk))), digests.Sha256);
    }

    private IChunkLeases Leases => nodes.One.Services.GetRequiredService<IChunkLeases>();

    /// <summary>The same person at both nodes.</summary>
    private async Task<(Person Here, Person There)> SignUpAsync(string name)
    {
        var person = await nodes.One.SignUpAsync(name);
        return (person, await nodes.Other.SignInAsync(person));
    }

    private static async Task<byte[]> FollowAsync(Person person, FileId file)
    {
        await using var opened = await person.Files.OpenAsync(file);
        using var bytes = new MemoryStream();
        await opened.Stream.CopyToAsync(bytes);
        return bytes.ToArray();
    }

    private static Task<HttpResponseMessage> TusAsync(Person person, HttpMethod method, string path, byte[]? body, params (string Name, string Value)[] headers)
    {
        var content = body is null ? new ByteArrayContent([]) : new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/offset+octet-stream") } };
        foreach (var (name, value) in headers.Prepend(("Tus-Resumable", "1.0.0")))
            content.Headers.TryAddWithoutValidation(name, value);
        return person.SendAsync(method, path, content);
    }
}
