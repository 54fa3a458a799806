using System.Text.Json;
using Hypersend.Contracts.Transfers;

namespace Hypersend.Server.Features.Transfers;

/// <summary>Which of the two sides somebody is.</summary>
internal enum RelayRole
{
    Sender,
    Receiver,
}

/// <summary>What a text frame of the relay says.</summary>
internal readonly record struct RelayText(string Type, int Chunk, IReadOnlyList<(int From, int To)> Ranges)
{
    /// <summary>The receiver asks for sealed bytes.</summary>
    public bool AsksForSeal { get; init; }
}

/// <summary>Which frames each side may send, and what they must look like.</summary>
internal static class RelayRules
{
    public const int LongestText = 128 * 1024;

    private const int LongestBinary = RelayHead.Length + RelayHead.Step;

    /// <summary>Null when a chunk's bytes may lie there; sealed ones have a nonce and a tag beside them, which count nowhere.</summary>
    public static string? RefuseBinary(RelayRole role, in RelayFrame frame, TransferRow transfer, bool mayBeSealed)
    {
        var beside = mayBeSealed ? RelayHead.SealLength : 0;
        if (role != RelayRole.Sender)
            return "Only the sender sends bytes.";
        if (frame.Length <= RelayHead.Length || frame.Length > LongestBinary + beside)
            return "A binary frame has a head of 12 bytes and 1 to 65,536 bytes behind it.";
        Span<byte> start = stackalloc byte[RelayHead.Length];
        frame.CopyTo(start);
        var head = RelayHead.Read(start);
        if (head.Chunk < 0 || head.Chunk >= transfer.TotalChunks)
            return "There is no chunk of that number.";
        var end = head.Offset + frame.Length - RelayHead.Length - beside;
        return end > LengthOf(transfer, (int)head.Chunk) ? "The bytes go beyond their chunk." : null;
    }

    /// <summary>Null when it is none that this side may send.</summary>
    public static RelayText? Read(RelayRole role, ReadOnlyMemory<byte> frame, TransferRow transfer)
    {
        try
        {
            using var document = JsonDocument.Parse(frame);
            var json = document.RootElement;
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String)
                return null;
            return (role, type.GetString()) switch
            {
                (_, RelayWords.Cancel) => new RelayText(RelayWords.Cancel, 0, []),
                (RelayRole.Receiver, RelayWords.Got) when IsChunk(json, "chunk", transfer, out var got) => new RelayText(RelayWords.Got, got, []),
                (RelayRole.Receiver, RelayWords.Need) when Ranges(json, transfer) is { } ranges => new RelayText(RelayWords.Need, 0, ranges)
                {
                    AsksForSeal = json.TryGetProperty("seal", out var seal) && seal.ValueKind == JsonValueKind.String,
                },
                (RelayRole.Sender, RelayWords.Chunk) when IsChunk(json, "index", transfer, out var sent) && IsDigest(json, "sha256") => new RelayText(RelayWords.Chunk, sent, []),
                (RelayRole.Sender, RelayWords.Complete) when IsDigest(json, "sha256_root") => new RelayText(RelayWords.Complete, 0, []),
                _ => null,
            };
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    public static long LengthOf(TransferRow transfer, int chunk) => Math.Min(transfer.ChunkSize, transfer.Size - ((long)chunk * transfer.ChunkSize));

    private static bool IsChunk(JsonElement json, string name, TransferRow transfer, out int chunk)
    {
        chunk = 0;
        return json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out chunk)
            && chunk >= 0 && chunk < transfer.TotalChunks;
    }

    private static bool IsDigest(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: 64 } digest && digest.All(char.IsAsciiHexDigit);

    private static List<(int, int)>? Ranges(JsonElement json, TransferRow transfer)
    {
        if (!json.TryGetProperty("ranges", out var list) || list.ValueKind != JsonValueKind.Array)
            return null;
        var ranges = new List<(int, int)>(list.GetArrayLength());
        var named = 0L;
        foreach (var range in list.EnumerateArray())
        {
            if (range.ValueKind != JsonValueKind.Array || range.GetArrayLength() != 2 || !range[0].TryGetInt32(out var from) || !range[1].TryGetInt32(out var to)
                || from < 0 || to < from || to >= transfer.TotalChunks
                // Whoever names the same chunks again and again would keep a processor busy.
                || (named += to - from + 1) > transfer.TotalChunks)
            {
                return null;
            }

            ranges.Add((from, to));
        }

        return ranges;
    }
}
