using System.Text.Json;
using Hypersend.Contracts;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Files;
using Hypersend.Server.Platform.Problems;

namespace Hypersend.Server.Features.Files;

/// <summary>What an upload must be like: pure decisions.</summary>
internal static class UploadRules
{
    /// <summary>Null when the wish for how long it is kept makes sense.</summary>
    public static Failure? RefuseRetention(Retention? retention, DateTimeOffset now) => retention?.Mode switch
    {
        null or RetentionModes.Keep or RetentionModes.AfterDelivery => null,
        RetentionModes.Until => retention.At > now ? null : Failure.OfField(ErrorCodes.ValidationFailed, "retention", "needs at, a time to come"),
        RetentionModes.Downloads => retention.Count is >= 1 and <= 1_000_000
            ? null
            : Failure.OfField(ErrorCodes.ValidationFailed, "retention", "needs count, from 1 to 1000000"),
        _ => Failure.OfField(ErrorCodes.ValidationFailed, "retention", "has an unknown mode"),
    };

    /// <summary>A number as a program writes it: the framework also takes one with spaces around it, or with a plus.</summary>
    public static bool IsPlainNumber(string text) => text.All(letter => char.IsAsciiDigit(letter) || letter == '-');

    public static Failure OverQuota(long quota, long used) => new(ErrorCodes.QuotaExceeded) { More = Facts(("quota_bytes", quota), ("used_bytes", used)) };

    public static Failure NoSpace(long free) => new(ErrorCodes.InsufficientStorage) { More = Facts(("free_bytes", Math.Max(0, free))) };

    public static Failure TooLarge(long most) => new(ErrorCodes.FileTooLarge) { More = Facts(("max_size", most)) };

    /// <summary>
    /// Of an upload whose size nobody knows only the last chunk may be shorter than the others. What has a row is never written
    /// again, so a chunk that could make two of them has to be refused when it comes.
    /// </summary>
    /// <param name="file">Without this chunk.</param>
    /// <param name="chunk">Which chunk comes.</param>
    /// <param name="length">How long it is.</param>
    /// <param name="last">The highest chunk that is here; -1 when there is none.</param>
    public static Failure? RefuseBesideShort(FileRow file, int chunk, long length, int last)
    {
        if (file.Size is not null)
            return null;
        var lastIsShort = file.ReceivedBytes < (long)file.ReceivedChunks * file.ChunkSize;
        if (length < file.ChunkSize && chunk < last)
            return ShortInTheMiddle($"Chunk {chunk} is shorter than chunk_size, and chunk {last} has come: only the last one may be shorter. Send it whole, or cancel the upload and begin anew.");
        return lastIsShort && chunk > last
            ? ShortInTheMiddle($"Chunk {last} is shorter than chunk_size, so it is the last one; chunk {chunk} cannot follow. Complete the upload, or cancel it and begin anew with whole chunks.")
            : null;
    }

    private static Failure ShortInTheMiddle(string detail) => new(ErrorCodes.WrongLength, detail);

    /// <summary>Null when all that belongs to the file is here.</summary>
    public static Failure? RefuseToComplete(FileRow file, IReadOnlyList<ChunkRow> chunks)
    {
        var there = new ChunkSet(chunks.Select(chunk => chunk.Chunk));
        var missing = there.Missing(new ChunkGrid(file.Size, file.ChunkSize).Total ?? there.Last + 1);
        if (missing.Length > 0)
            return new Failure(ErrorCodes.ChunksMissing) { More = new Dictionary<string, JsonElement> { ["missing"] = JsonSerializer.SerializeToElement(missing, HypersendJson.Wire.Int32ArrayArray) } };

        // Without a known size every chunk but the last has to be whole, or the others would lie at the wrong place.
        for (var i = 0; i < chunks.Count - 1; i++)
        {
            if (chunks[i].Length != file.ChunkSize)
                return new Failure(ErrorCodes.WrongLength, $"Chunk {chunks[i].Chunk} is shorter than chunk_size and is not the last one.");
        }

        return null;
    }

    /// <summary>The checksum of the whole, from those of its parts.</summary>
    public static uint Crc32Of(IReadOnlyList<ChunkRow> chunks)
    {
        var sum = 0u;
        foreach (var chunk in chunks)
            sum = Crc32.Combine(sum, (uint)chunk.Crc32, chunk.Length);
        return sum;
    }

    /// <summary>
    /// The digest that the request names, in either of the two headers; a refusal when it is named and cannot be read.
    /// </summary>
    public static Failure? ReadDigest(IHeaderDictionary headers, out byte[]? digest)
    {
        digest = null;
        if (headers["X-Chunk-SHA256"].ToString() is { Length: > 0 } hex)
        {
            if (!RootHash.TryRead(hex.Trim(), out digest))
                return Refuse("X-Chunk-SHA256", "must be 64 hexadecimal digits");
        }

        foreach (var part in headers["Content-Digest"].ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!part.StartsWith("sha-256=", StringComparison.OrdinalIgnoreCase))
                continue;
            var bytes = new byte[RootHash.Length];
            var text = part["sha-256=".Length..].Trim();
            if (text.Length < 2 || text[0] != ':' || text[^1] != ':' || !Convert.TryFromBase64String(text[1..^1], bytes, out var length) || length != bytes.Length)
                return Refuse("Content-Digest", "must be sha-256=:<base64>:");
            if (digest is not null && !digest.AsSpan().SequenceEqual(bytes))
                return Refuse("Content-Digest", "must name the same digest as every other of the request");
            digest = bytes;
        }

        return null;
    }

    private static Dictionary<string, JsonElement> Facts(params (string Name, long Value)[] facts) =>
        facts.ToDictionary(fact => fact.Name, fact => JsonSerializer.SerializeToElement(fact.Value, HypersendJson.Wire.Int64));

    private static Failure Refuse(string header, string message) => Failure.OfField(ErrorCodes.ValidationFailed, header, message);
}
