using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Hypersend.Contracts.Errors;
using Hypersend.Server.Features.Files;
using Hypersend.ServerTests.Fixture;
using Microsoft.Extensions.DependencyInjection;
using static Hypersend.ServerTests.Files.Tus.TusStage;

namespace Hypersend.ServerTests.Files.Tus;

/// <summary>Lines that break in the middle of the bytes.</summary>
public sealed class CutTests(TusStage tus) : IClassFixture<TusStage>
{
    [Theory]
    [InlineData(Chunk / 2)]
    [InlineData(Chunk)]
    [InlineData(2 * Chunk + 100_000)]
    [PlainFolder("it waits for the length of what lies there")]
    public async Task What_came_before_the_line_broke_is_kept(int sent)
    {
        var bytes = Some(3 * Chunk + 55);
        var url = await tus.CreateAsync(bytes.Length);
        using (var line = await BeginAsync(url, 0, bytes.Length))
        {
            await line.GetStream().WriteAsync(bytes.AsMemory(0, sent));
            await WrittenAsync(url, sent);
        }

        await KeptAsync(url, sent);
        var offset = await tus.OffsetAsync(url);
        Assert.Equal(sent, offset);
        using (await tus.PatchAsync(url, offset, bytes[(int)offset..]).AnsweredAsync(204))
            await tus.ShouldBeAsync(IdOf(url), bytes);
    }

    [Fact]
    [PlainFolder("it waits for the length of what lies there")]
    public async Task A_line_that_is_still_open_but_forgotten_is_put_out_by_the_next_question()
    {
        var bytes = Some(2 * Chunk);
        var url = await tus.CreateAsync(bytes.Length);
        using var forgotten = await BeginAsync(url, 0, bytes.Length);
        await forgotten.GetStream().WriteAsync(bytes.AsMemory(0, 300_000));
        await WrittenAsync(url, 300_000);
        var offset = await tus.OffsetAsync(url);
        Assert.Equal(300_000, offset);
        using (await tus.PatchAsync(url, offset, bytes[(int)offset..]).AnsweredAsync(204))
            await tus.ShouldBeAsync(IdOf(url), bytes);
        Assert.Equal("HTTP/1.1 409", await AnswerAsync(forgotten));
    }

    [Fact]
    [PlainFolder("it waits for the length of what lies there")]
    [OneNode("it puts nginx before a node of its own")]
    public async Task Lines_that_are_given_up_one_after_another_take_no_node_from_the_others_behind_a_proxy()
    {
        Assert.SkipUnless(Nginx.IsInstalled, Nginx.Absent);

        // Twice the same one: of an only node nginx goes on asking whatever it does.
        await using var nginx = await Nginx.StartAsync([tus.App.Address, tus.App.Address]);
        using var others = new HttpClient { BaseAddress = nginx.Address };
        var bytes = Some(2 * Chunk);
        for (var line = 0; line < 8; line++)
        {
            var url = await tus.CreateAsync(bytes.Length);
            using var forgotten = await BeginAsync(nginx.Address, url, 0, bytes.Length);
            await forgotten.GetStream().WriteAsync(bytes.AsMemory(0, 300_000));
            await WrittenAsync(url, 300_000);
            Assert.Equal(300_000, await tus.OffsetAsync(url));
            Assert.Equal("HTTP/1.1 409", await AnswerAsync(forgotten));
            using var answer = await others.GetAsync("/api/v1/server");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            (await tus.SendAsync("DELETE", url).AnsweredAsync(204)).Dispose();
        }
    }

    [Fact]
    public async Task Of_two_that_send_the_same_bytes_at_once_the_file_is_right()
    {
        var bytes = Some(4 * Chunk + 1);
        var url = await tus.CreateAsync(bytes.Length);
        for (var offset = 0L; offset < bytes.Length; offset = await tus.OffsetAsync(url))
        {
            var from = (int)offset;
            var to = Math.Min(bytes.Length, from + 1_300_000);
            var statuses = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => TryPatchAsync(url, from, bytes[from..to])));
            Assert.All(statuses, status => Assert.Contains(status, new[] { 0, 204, 409 }));
        }

        await tus.ShouldBeAsync(IdOf(url), bytes);
    }

    [Fact]
    public async Task With_a_checksum_nothing_of_a_broken_request_is_kept()
    {
        var bytes = Some(3 * Chunk);
        var url = await tus.CreateAsync(bytes.Length);
        using (var line = await BeginAsync(url, 0, bytes.Length, "Upload-Checksum: " + Sum("sha1", bytes)))
            await line.GetStream().WriteAsync(bytes.AsMemory(0, 2 * Chunk));
        Assert.Equal(0, await tus.OffsetAsync(url));
    }

    [Fact]
    public async Task Bytes_without_an_announced_length_are_taken_as_far_as_they_fit()
    {
        var bytes = Some(Chunk + 10);
        var url = await tus.CreateAsync(bytes.Length);
        using (await tus.PatchAsync(url, 0, bytes[..20], ("Transfer-Encoding", "chunked")).AnsweredAsync(204))
            Assert.Equal(20, await tus.OffsetAsync(url));
        await tus.PatchAsync(url, 20, [.. bytes[20..], 1], ("Transfer-Encoding", "chunked")).RefusedAsync(413, ErrorCodes.FileTooLarge);
    }

    /// <summary>0 when it was cut off, because another one went on.</summary>
    private async Task<int> TryPatchAsync(string url, long offset, byte[] bytes)
    {
        try
        {
            using var answer = await tus.PatchAsync(url, offset, bytes);
            return (int)answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }

    /// <summary>Waits until the server has taken so much from the line.</summary>
    private async Task WrittenAsync(string url, long length)
    {
        var file = new FileInfo(tus.App.Services.GetRequiredService<IBlobStore>().PathOf(IdOf(url))!);
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (file.Length != length)
        {
            await tick.WaitForNextTickAsync(late.Token);
            file.Refresh();
        }
    }

    /// <summary>Waits, by a question that puts nobody out, until so much is there.</summary>
    private async Task KeptAsync(string url, long length)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await tus.Ana.Files.GetAsync(IdOf(url), late.Token)).ReceivedBytes != length)
            late.Token.ThrowIfCancellationRequested();
    }

    /// <summary>The head of a PATCH on a line of its own.</summary>
    private Task<TcpClient> BeginAsync(string url, long offset, long length, params string[] headers) => BeginAsync(tus.App.Address, url, offset, length, headers);

    private async Task<TcpClient> BeginAsync(Uri door, string url, long offset, long length, params string[] headers)
    {
        var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(door.Host, door.Port);
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"PATCH {url} HTTP/1.1\r\nHost: {door.Authority}\r\nAuthorization: Bearer {tus.Ana.AccessToken}\r\nTus-Resumable: 1.0.0\r\n" +
            $"Upload-Offset: {offset}\r\nContent-Type: {TusStage.Bytes}\r\nContent-Length: {length}\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n");
        await tcp.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
        return tcp;
    }

    private static async Task<string> AnswerAsync(TcpClient line)
    {
        var answer = new byte[12];
        await line.GetStream().ReadExactlyAsync(answer).AsTask().WaitAsync(TimeSpan.FromSeconds(60));
        return Encoding.ASCII.GetString(answer);
    }
}
