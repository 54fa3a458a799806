using System.Security.Cryptography;
using Hypersend.Contracts.Files;
using Hypersend.FaultTests.Histories;
using Hypersend.Sdk;
using Hypersend.Sdk.Files;

namespace Hypersend.FaultTests.Load;

/// <summary>Brings files in, each chunk to another node, through whatever happens.</summary>
internal sealed class Uploader(Member member, HistoryRecorder history) : IWorker
{
    private const int ChunkSize = 1 << 20;
    private const int Size = (3 * ChunkSize) + 12_345;

    private static readonly TransferOptions Options = new() { FirstRetry = TimeSpan.FromMilliseconds(50), LongestRetry = TimeSpan.FromMilliseconds(500), Lanes = 3, StallAfter = TimeSpan.FromSeconds(15) };

    private long _acknowledgedFrom;
    private int _number;

    public long AcknowledgedFrom => Volatile.Read(ref _acknowledgedFrom);

    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
            await UploadAsync();
    }

    private async Task UploadAsync()
    {
        var bytes = RandomNumberGenerator.GetBytes(Size);
        var name = $"{member.Name}-f{++_number:d6}";
        var (operation, from) = (history.Invoke(OperationKind.Upload, member.Name, "files", $"{name} {RootOf(bytes)}"), history.Now);
        using var stream = new MemoryStream(bytes);
        using var source = UploadSource.OfStream(stream, Size);
        var upload = member.Client.Files.Upload(source, new InitUploadRequest { Filename = name + ".bin", ChunkSize = ChunkSize, Mime = "application/octet-stream" }, Options);
        upload.Waiting += (failure, _) =>
        {
            if (failure is HypersendException { Status: >= 500 } refusal and not { Status: 503, RetryAfter: not null })
                history.NoteUnseemly($"{refusal.Status} {refusal.Code} for a file");
        };
        var done = await upload.RunAsync(CancellationToken.None);
        history.Ok(operation, done.FileId.ToString());
        Volatile.Write(ref _acknowledgedFrom, from);
    }

    /// <summary>The digest of the chunks' digests.</summary>
    public static string RootOf(ReadOnlySpan<byte> bytes)
    {
        using var root = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var at = 0; at < bytes.Length; at += ChunkSize)
            root.AppendData(SHA256.HashData(bytes.Slice(at, Math.Min(ChunkSize, bytes.Length - at))));
        return Convert.ToHexStringLower(root.GetHashAndReset());
    }
}
