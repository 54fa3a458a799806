using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Hypersend.Contracts.Transfers;

namespace Hypersend.Sdk.Transfers;

/// <summary>Sends what the receiver says it needs, for as long as it needs something.</summary>
internal sealed class RelaySender(RelayLine line, Stream source)
{
    private readonly FileStamp? _stamp = FileStamp.Of(source);

    // While one is on its way the next is made.
    private readonly byte[][] _frames = [NewFrame(), NewFrame()];
    private readonly byte[] _plain = new byte[RelayHead.Step];
    private byte[]?[] _digests = [];
    private RelayConnection? _talking;
    private Exception? _failure;
    private SealTalk? _talk;
    private bool _hasSealed;
    private bool _wasPlain;
    private long _size;
    private int _chunkSize;

    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            await line.RunAsync(TalkAsync, cancellation);
        }
        finally
        {
            if (_talk is not null)
                await _talk.DisposeAsync();
        }
    }

    private async Task<bool> TalkAsync(RelayConnection connection, CancellationToken cancellation)
    {
        if (_failure is not null)
            throw new TransferEndedException(_failure.Message);
        _talking = connection;
        CancellationTokenSource? round = null;
        var sending = Task.CompletedTask;
        try
        {
            while (true)
            {
                var (_, word) = await connection.NextAsync(cancellation);
                if (word is null)
                    return false;
                switch ((string?)word["type"])
                {
                    case RelayWords.Metadata:
                        Plan((long)word["size"]!, (int)word["chunk_size"]!, (int)word["total_chunks"]!);
                        _talk ??= line.TalkAbout(word, sends: true, _ => Task.CompletedTask);
                        break;
                    case RelayWords.Start:
                        _talk?.Say();
                        break;
                    case RelayWords.Need:
                        await StopAsync(round, sending);
                        (round, sending) = (null, Task.CompletedTask);
                        round = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                        sending = AnswerAsync(connection, word, round.Token, cancellation);
                        break;
                    case RelayWords.PeerLeft:
                        await StopAsync(round, sending);
                        (round, sending) = (null, Task.CompletedTask);
                        break;
                    case RelayWords.Cancel:
                        throw new TransferEndedException(_failure?.Message ?? "cancelled");
                    case RelayWords.Done:
                        return true;
                }
            }
        }
        finally
        {
            await StopAsync(round, sending);
        }
    }

    private void Plan(long size, int chunkSize, int chunks)
    {
        if (source.Length != size)
            throw new TransferEndedException("the file has another size than was offered");
        (_size, _chunkSize) = (size, chunkSize);
        if (_digests.Length != chunks)
            _digests = new byte[]?[chunks];
    }

    /// <summary>With the seal that was asked for, as soon as it is agreed on; without one where that was never better and need not be.</summary>
    private async Task AnswerAsync(RelayConnection connection, JsonObject need, CancellationToken ended, CancellationToken cancellation)
    {
        RelaySeal? seal = null;
        if ((string?)need["seal"] is { } name)
        {
            if (_talk is null)
                return;
            if (_talk.Find(name) is null)
                _talk.Say();
            seal = await _talk.WhenAgreedAsync(name, ended);
            if (!_hasSealed && !_wasPlain)
                line.Options.Fingerprint?.Report(seal.Fingerprint);
            _hasSealed = true;
        }
        else if (line.Options.MustSeal || _hasSealed)
        {
            _talk?.Say();
            return;
        }

        var chunks = ChunksOf(need);
        _wasPlain |= seal is null && chunks.Count > 0;
        await SendAsync(new Round(connection, seal, ended), chunks, cancellation);
    }

    private async Task SendAsync(Round round, IReadOnlyList<int> chunks, CancellationToken cancellation)
    {
        try
        {
            foreach (var chunk in chunks)
            {
                var digest = await WalkAsync(chunk, round, sends: true, cancellation);
                _digests[chunk] = digest;
                await SayAsync(round, RelayWords.Chunk, "sha256", round.Seal?.OfChunk(chunk, digest) ?? digest, chunk, cancellation);
            }

            // Those that the receiver had already are read once, for the root.
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            for (var chunk = 0; chunk < _digests.Length; chunk++)
                hash.AppendData(_digests[chunk] ??= await WalkAsync(chunk, round, sends: false, cancellation));
            var root = hash.GetHashAndReset();
            _stamp?.Check();
            await SayAsync(round, RelayWords.Complete, "sha256_root", round.Seal?.OfRoot(_digests.Length, root) ?? root, null, cancellation);
        }
        catch (FileChangedException exception)
        {
            // Parts of two files are nobody's file.
            _failure = exception;
            await round.Connection.SayAsync(new JsonObject { ["type"] = RelayWords.Cancel }, cancellation);
        }
    }

    private static Task SayAsync(Round round, string type, string name, byte[] digest, int? chunk, CancellationToken cancellation)
    {
        var word = new JsonObject { ["type"] = type, [name] = Convert.ToHexStringLower(digest) };
        if (chunk is not null)
            word["index"] = chunk;
        return round.Connection.SayAsync(word, cancellation);
    }

    /// <summary>Reads a chunk, and sends it when there is somebody to send it to.</summary>
    private async Task<byte[]> WalkAsync(int chunk, Round round, bool sends, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var from = (long)chunk * _chunkSize;
        var length = Math.Min(_chunkSize, _size - from);
        var sending = Task.CompletedTask;
        source.Position = from;
        try
        {
            for (var offset = 0L; offset < length; offset += RelayHead.Step)
            {
                // Between two frames: to give up in the middle of one would cut the connection.
                round.Ended.ThrowIfCancellationRequested();
                var frame = _frames[offset / RelayHead.Step % 2];
                var size = await FillAsync(frame, new RelayHead(chunk, offset), (int)Math.Min(RelayHead.Step, length - offset), hash, sends ? round.Seal : null, cancellation);
                await sending;
                if (sends)
                    sending = Task.Run(() => round.Connection.SendAsync(frame.AsMemory(0, size), cancellation), CancellationToken.None);
            }
        }
        finally
        {
            await sending;
        }

        _stamp?.Check();
        return hash.GetHashAndReset();
    }

    /// <summary>Reads a step of a chunk into its frame; gives the frame's length.</summary>
    private async Task<int> FillAsync(byte[] frame, RelayHead head, int step, IncrementalHash hash, RelaySeal? seal, CancellationToken cancellation)
    {
        var payload = seal is null ? frame.AsMemory(RelayHead.Length, step) : _plain.AsMemory(0, step);
        await ReadAsync(payload, cancellation);
        hash.AppendData(payload.Span);
        if (seal is not null)
            return seal.Close(head, payload.Span, frame);
        head.Write(frame);
        return RelayHead.Length + step;
    }

    private async Task ReadAsync(Memory<byte> payload, CancellationToken cancellation)
    {
        try
        {
            await source.ReadExactlyAsync(payload, cancellation);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or NotSupportedException)
        {
            _failure = new IOException("the file cannot be read any more: " + exception.Message, exception);
            _talking?.Abort();
            throw new OperationCanceledException("The file cannot be read any more.", exception);
        }
    }

    private static byte[] NewFrame() => new byte[RelayHead.Length + RelayHead.SealLength + RelayHead.Step];

    private static List<int> ChunksOf(JsonObject need) =>
        [.. need["ranges"]!.AsArray().SelectMany(range => Enumerable.Range((int)range![0]!, (int)range[1]! - (int)range[0]! + 1))];

    private static async Task StopAsync(CancellationTokenSource? round, Task sending)
    {
        if (round is null)
            return;
        await round.CancelAsync();
        try
        {
            await sending;
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException or IOException or InvalidOperationException)
        {
            // What was under way has no receiver any more, or the line is lost.
        }

        round.Dispose();
    }

    /// <summary>What one word of the receiver set going.</summary>
    private sealed record Round(RelayConnection Connection, RelaySeal? Seal, CancellationToken Ended);
}
