using System.Globalization;
using System.Text.Json;

namespace Hypersend.Load.Files;

/// <summary>Somebody who takes files: all lanes at once, each with its share, until the last answer.</summary>
internal abstract class Taker(string name, Uri url)
{
    public const int Lanes = 4;

    public string Name => name;

    public List<double> Rates { get; } = [];

    protected Uri Url => url;

    /// <summary>Sends <paramref name="blocks"/> blocks in all; each lane has a connection of its own.</summary>
    public void Upload(ReadOnlyMemory<byte> block, int blocks)
    {
        Begin((long)block.Length * blocks);
        var lanes = Enumerable.Range(0, Lanes).Select(lane => new Thread(() => Send(lane, block, blocks))).ToArray();
        foreach (var lane in lanes)
            lane.Start();
        foreach (var lane in lanes)
            lane.Join();
        Finish();
    }

    /// <summary>Takes it away again, so that the next one finds the disk as this one did.</summary>
    public abstract void Clear();

    protected abstract void Begin(long size);

    protected abstract void Send(int lane, ReadOnlyMemory<byte> block, int blocks);

    protected abstract void Finish();

    protected static void Expect(int status, params int[] good)
    {
        if (!good.Contains(status))
            throw new InvalidOperationException($"An upload was answered with {status}.");
    }
}

internal sealed class HypersendTaker(Uri url, string token) : Taker("Hypersend", url)
{
    private string _id = "";
    private string _uploadToken = "";

    public string Id => _id;

    public Action<string>? Begun { get; set; }

    public override void Clear()
    {
        using var http = new RawHttp(Url);
        Expect(http.Send("DELETE", "/api/v1/files/" + _id, Bearer(token), default), 204);
    }

    protected override void Begin(long size)
    {
        using var http = new RawHttp(Url);
        var body = JsonSerializer.SerializeToUtf8Bytes(new { filename = "film.bin", size });
        Expect(http.Exchange("POST", "/api/v1/files/init", Bearer(token) + "Content-Type: application/json\r\n", body, 1, out var answer), 201);
        using var begun = JsonDocument.Parse(answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
        _id = begun.RootElement.GetProperty("upload_id").GetString()!;
        _uploadToken = begun.RootElement.GetProperty("upload_token").GetString()!;
        Begun?.Invoke(_id);
    }

    protected override void Send(int lane, ReadOnlyMemory<byte> block, int blocks)
    {
        using var http = new RawHttp(Url);
        for (var chunk = lane; chunk < blocks; chunk += Lanes)
            Expect(http.Send("PUT", string.Create(CultureInfo.InvariantCulture, $"/api/v1/files/{_id}/chunk?chunk_index={chunk}"), Bearer(_uploadToken), block), 200);
    }

    protected override void Finish()
    {
        using var http = new RawHttp(Url);
        Expect(http.Send("POST", $"/api/v1/files/{_id}/complete", Bearer(_uploadToken), default), 200);
    }

    private static string Bearer(string token) => $"Authorization: Bearer {token}\r\n";
}

internal sealed class NginxTaker(Uri url) : Taker("nginx", url)
{
    public override void Clear()
    {
        using var http = new RawHttp(Url);
        for (var lane = 0; lane < Lanes; lane++)
            Expect(http.Send("DELETE", "/" + lane, "", default), 204);
    }

    protected override void Begin(long size)
    {
    }

    protected override void Send(int lane, ReadOnlyMemory<byte> block, int blocks)
    {
        using var http = new RawHttp(Url);
        Expect(http.Send("PUT", "/" + lane, "", block, blocks / Lanes), 201);
    }

    protected override void Finish()
    {
    }
}

internal sealed class TusTaker(Uri url) : Taker("@tus/server", url)
{
    private const string Version = "Tus-Resumable: 1.0.0\r\n";

    private readonly string[] _places = new string[Lanes];

    public override void Clear()
    {
        using var http = new RawHttp(Url);
        foreach (var place in _places)
            Expect(http.Send("DELETE", place, Version, default), 204);
    }

    protected override void Begin(long size)
    {
        using var http = new RawHttp(Url);
        for (var lane = 0; lane < Lanes; lane++)
        {
            Expect(http.Exchange("POST", "/files", string.Create(CultureInfo.InvariantCulture, $"{Version}Upload-Length: {size / Lanes}\r\n"), default, 1, out var answer), 201);
            var location = answer.Split("\r\n").First(line => line.StartsWith("location:", StringComparison.OrdinalIgnoreCase))["location:".Length..].Trim();
            _places[lane] = new Uri(location).AbsolutePath;
        }
    }

    protected override void Send(int lane, ReadOnlyMemory<byte> block, int blocks)
    {
        using var http = new RawHttp(Url);
        Expect(http.Send("PATCH", _places[lane], Version + "Upload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\n", block, blocks / Lanes), 204);
    }

    protected override void Finish()
    {
    }
}
