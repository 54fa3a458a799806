using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Hypersend.Contracts.Errors;
using Hypersend.ServerTests.Fixture;
using Microsoft.Extensions.DependencyInjection;
using static Hypersend.ServerTests.Files.Tus.TusStage;

namespace Hypersend.ServerTests.Files;

/// <summary>Clients that send one byte a second are sent away by every door bytes come in through, and nobody else feels them.</summary>
[OneNode("the clock is one process's, and a proxy keeps what comes so slowly to itself")]
public sealed class SlowSenderTests
{
    private const int Mega = Bytes.Mega;

    private static readonly byte[] Whole = Bytes.Of(2 * Mega, seed: 9);

    [Fact]
    public async Task By_tus_the_bytes_that_came_are_kept_and_the_line_is_given_up()
    {
        var clock = new PaceClock();
        await using var app = await App.StartWithAsync(services => services.AddSingleton<TimeProvider>(clock), $"--CHUNK_SIZE={Mega}");
        var ana = await app.SignUpAsync("ana");
        using var created = await TusAsync(app, ana, HttpMethod.Post, Door, null, ("Upload-Length", Text(Whole.Length))).AnsweredAsync(201);
        var url = created.Headers.Location!.ToString();
        using var line = await BeginAsync(app, ana, $"PATCH {url}", $"Tus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: {Tus.TusStage.Bytes}");

        // Others send meanwhile, and are not slow.
        var other = await ana.SendFileAsync(null, Whole);
        await clock.LetPassAsync();
        Assert.Equal("HTTP/1.1 409", await AnswerAsync(line));

        await UntilAsync(async () =>
        {
            using var head = await TusAsync(app, ana, HttpMethod.Head, url, null).AnsweredAsync(200);
            return Header(head, "Upload-Offset") == "10";
        });
        (await TusAsync(app, ana, HttpMethod.Patch, url, Whole[10..], ("Upload-Offset", "10")).AnsweredAsync(204)).Dispose();
        Assert.Equal(Whole, await app.StoredAsync(IdOf(url)));
        Assert.Equal(Whole, await app.StoredAsync(other));
        await FileBooks.CheckAsync(app);
        await FileBooks.NoOrphanAsync(app);
    }

    [Fact]
    public async Task A_creation_with_a_checksum_keeps_nothing_of_it()
    {
        var clock = new PaceClock();
        await using var app = await App.StartWithAsync(services => services.AddSingleton<TimeProvider>(clock), $"--CHUNK_SIZE={Mega}");
        var ana = await app.SignUpAsync("ana");
        using var line = await BeginAsync(
            app, ana, $"POST {Door}", $"Tus-Resumable: 1.0.0\r\nUpload-Length: {Whole.Length}\r\nUpload-Checksum: {Sum("sha1", Whole)}\r\nContent-Type: {Tus.TusStage.Bytes}");
        await clock.LetPassAsync();
        Assert.Equal("HTTP/1.1 409", await AnswerAsync(line));
        await UntilAsync(async () => (await ana.Files.GetUsageAsync()).UsedBytes == 0);
        await FileBooks.CheckAsync(app);
        await FileBooks.NoOrphanAsync(app);
    }

    [Theory]
    [InlineData("/api/v1/files/upload/chunk", "upload_id", "chunk")]
    [InlineData("/api/upload-file", "nothing", "file")]
    public async Task A_form_is_told_that_it_is_too_slow(string door, string field, string part)
    {
        var clock = new PaceClock();
        await using var app = await App.StartWithAsync(services => services.AddSingleton<TimeProvider>(clock));
        var ana = await app.SignUpAsync("ana");
        var upload = await ana.BeginAsync(Whole.Length);
        const string Boundary = "between";
        var form =
            $"--{Boundary}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{upload.UploadId}\r\n" +
            $"--{Boundary}\r\nContent-Disposition: form-data; name=\"chunk_number\"\r\n\r\n0\r\n" +
            $"--{Boundary}\r\nContent-Disposition: form-data; name=\"{part}\"; filename=\"film.bin\"\r\nContent-Type: application/octet-stream\r\n\r\n";
        var body = new DrippingContent(Encoding.ASCII.GetBytes(form + "0123456789"));
        body.Headers.TryAddWithoutValidation("Content-Type", $"multipart/form-data; boundary={Boundary}");

        var answer = ana.SendAsync(HttpMethod.Post, door, body);
        await clock.LetPassAsync();
        body.End();

        await answer.RefusedAsync(408, ErrorCodes.RequestTimeout);
        Assert.Empty((await ana.Files.GetStatusAsync(upload.UploadId)).Received);
        await ana.Files.DeleteAsync(upload.UploadId);
        await FileBooks.CheckAsync(app);
        await FileBooks.NoOrphanAsync(app);
    }

    private static async Task<HttpResponseMessage> TusAsync(App app, Person person, HttpMethod method, string url, byte[]? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, url);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", Tus.TusStage.Bytes);
        }

        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + person.AccessToken);
        request.Headers.TryAddWithoutValidation("Tus-Resumable", "1.0.0");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await app.Http.SendAsync(request);
    }

    /// <summary>A request of many bytes on a line of its own, of which the head and the first ten come, at once.</summary>
    private static async Task<TcpClient> BeginAsync(App app, Person person, string request, string headers)
    {
        var tcp = new TcpClient { NoDelay = true };
        await tcp.ConnectAsync(app.Address.Host, app.Address.Port);
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"{request} HTTP/1.1\r\nHost: {app.Address.Authority}\r\nAuthorization: Bearer {person.AccessToken}\r\n{headers}\r\nContent-Length: {Whole.Length}\r\n\r\n");
        await tcp.GetStream().WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. Whole[..10]]);
        return tcp;
    }

    /// <summary>The answer comes first, and what came before it is put in order after that.</summary>
    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await isSo())
            await tick.WaitForNextTickAsync(late.Token);
    }

    private static async Task<string> AnswerAsync(TcpClient line)
    {
        var answer = new byte[12];
        await line.GetStream().ReadExactlyAsync(answer).AsTask().WaitAsync(TimeSpan.FromSeconds(60));
        return Encoding.ASCII.GetString(answer);
    }
}
