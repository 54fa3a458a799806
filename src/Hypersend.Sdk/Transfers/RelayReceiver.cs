using System.Net.WebSockets;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Hypersend.Contracts.Transfers;

namespace Hypersend.Sdk.Transfers;

/// <summary>Asks for what is missing, checks every chunk, and asks again for what was not right.</summary>
internal sealed class RelayReceiver(RelayLine line, IReceivedBytes target) : IDisposable
{
    // One frame, or one word about keys, at a time.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _ending = new();
    private readonly byte[] _plain = new byte[RelayHead.Step];
    private byte[]?[] _digests = [];
    private long _size;
    private int _chunkSize;
    private SealTalk? _talk;
    private RelaySeal? _seal;

    // A word that was on its way when the seal changed still speaks of the one before.
    private readonly HashSet<RelaySeal?> _asked = [];
    private bool _isOther;

    // The last chunk is got when the file is judged and safe: with it the transfer is done, and nobody sends anything any more.
    private int? _last;
    private bool _isSaved;
    private ExceptionDispatchInfo? _failure;
    private Task _waiting = Task.CompletedTask;

    // Where both sides are there and something may be asked for.
    private RelayConnection? _open;
    private bool _hasAsked;

    // What was asked for as it is the server may have read: no seal of later makes that unread.
    private bool _wasPlain;

    // The chunk that is coming: its bytes in their order, or it does not count.
    private IncrementalHash? _hash;
    private long _chunk = -1;
    private long _at;

    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            await line.RunAsync(TalkAsync, cancellation);
        }
        catch (TransferEndedException) when (_isSaved)
        {
            // The line was lost with the word that it is done.
        }
        catch (TransferEndedException) when (_failure is not null)
        {
            _failure.Throw();
        }
        catch (TransferEndedException) when (_isOther)
        {
            throw new TransferEndedException(TransferEndedException.FileChanged);
        }
        finally
        {
            await _ending.CancelAsync();
            await _waiting;
            if (_talk is not null)
                await _talk.DisposeAsync();
        }
    }

    public void Dispose()
    {
        _hash?.Dispose();
        _ending.Dispose();
        _turn.Dispose();
    }

    private async Task<bool> TalkAsync(RelayConnection connection, CancellationToken cancellation)
    {
        _chunk = -1;
        Task<(ReadOnlyMemory<byte> Bytes, JsonObject? Word)>? ahead = null;
        try
        {
            while (true)
            {
                var coming = ahead ?? connection.NextAsync(cancellation);
                ahead = null;
                var (bytes, word) = await coming;
                if (word is null && bytes.IsEmpty)
                    return false;

                // While bytes are opened, hashed and written, the next are received. A word may be the last.
                if (word is null)
                    ahead = Task.Run(() => connection.NextAsync(cancellation), CancellationToken.None);
                await _turn.WaitAsync(cancellation);
                try
                {
                    if (word is null)
                        await StoreAsync(bytes, cancellation);
                    else if (await HearAsync(connection, word, cancellation))
                        return true;
                }
                finally
                {
                    _turn.Release();
                }
            }
        }
        finally
        {
            _open = null;
            if (ahead is not null)
                await DropAsync(connection, ahead);
        }
    }

    /// <summary>Something went wrong here, and what is still being received is not waited for.</summary>
    private static async Task DropAsync(RelayConnection connection, Task ahead)
    {
        connection.Abort();
        try
        {
            await ahead;
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or OperationCanceledException or InvalidOperationException)
        {
            // As meant.
        }
    }

    /// <summary>True when it is done.</summary>
    private async Task<bool> HearAsync(RelayConnection connection, JsonObject word, CancellationToken cancellation)
    {
        switch ((string?)word["type"])
        {
            case RelayWords.Metadata:
                Plan((long)word["size"]!, (int)word["chunk_size"]!, (int)word["total_chunks"]!);
                _talk ??= line.TalkAbout(word, sends: false, AgreedAsync);
                break;
            case RelayWords.Start:
                await StartAsync(connection, cancellation);
                break;
            case RelayWords.PeerLeft:
                _open = null;
                break;
            case RelayWords.Chunk:
                await CheckAsync(connection, (int)word["index"]!, (string)word["sha256"]!, cancellation);
                break;
            case RelayWords.Complete when _isSaved:
                await GotLastAsync(connection, cancellation);
                break;
            case RelayWords.Complete when IsWhole:
                // Each chunk was right and the whole is not: somewhere the file is another one. A sender who says so twice has no such file.
                var wasOther = _isOther;
                if (!(_isOther = !IsRoot((string)word["sha256_root"]!)))
                    await SaveAsync(connection, cancellation);
                else if (wasOther)
                    throw new TransferEndedException(TransferEndedException.FileChanged);
                else
                    await BeginAnewAsync(connection, cancellation);
                break;
            case RelayWords.Cancel:
                throw new TransferEndedException("cancelled");
            case RelayWords.Done:
                // Another device of mine may call it done; whether there is one file here only this side can tell.
                return _isSaved ? true : throw new TransferEndedException(RelayWords.Done);
        }

        return false;
    }

    private async Task SaveAsync(RelayConnection connection, CancellationToken cancellation)
    {
        try
        {
            await target.SaveAsync(cancellation);
        }
        catch (IOException failure)
        {
            throw NotKept(failure);
        }

        _isSaved = true;
        await GotLastAsync(connection, cancellation);
    }

    private async Task BeginAnewAsync(RelayConnection connection, CancellationToken cancellation)
    {
        Array.Clear(_digests);
        await NeedAsync(connection, cancellation);
    }

    /// <summary>A place that takes nothing is no fault of the line, and the next one would not help.</summary>
    private TransferEndedException NotKept(IOException failure)
    {
        _failure = ExceptionDispatchInfo.Capture(failure);
        return new TransferEndedException(failure.Message);
    }

    // A file of nothing has no chunk that could be got.
    private Task GotLastAsync(RelayConnection connection, CancellationToken cancellation) =>
        _digests.Length > 0 ? GotAsync(connection, LastChunk, cancellation) : Task.CompletedTask;

    private static Task GotAsync(RelayConnection connection, int chunk, CancellationToken cancellation) =>
        connection.SayAsync(new JsonObject { ["type"] = RelayWords.Got, ["chunk"] = chunk }, cancellation);

    private void Plan(long size, int chunkSize, int chunks)
    {
        (_size, _chunkSize) = (size, chunkSize);
        if (_digests.Length == chunks)
            return;
        _digests = new byte[]?[chunks];
        foreach (var (chunk, digest) in target.Known.Where(known => known.Key < chunks))
            _digests[chunk] = digest;
    }

    private async Task StartAsync(RelayConnection connection, CancellationToken cancellation)
    {
        (_open, _hasAsked) = (connection, false);
        if (_talk is null && !line.Options.MustSeal)
        {
            await NeedAsync(connection, cancellation);
            return;
        }

        _talk?.Say();
        if (_talk?.Newest is not null)
            await NeedAsync(connection, cancellation);
        else if (_waiting.IsCompleted)
            _waiting = WaitForKeyAsync();
    }

    private async Task WaitForKeyAsync()
    {
        while (true)
        {
            await Task.Delay(line.Options.KeyWithin, line.Clock, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_ending.IsCancellationRequested)
                return;
            if (!line.Options.MustSeal)
                break;
            if (_talk?.Newest is not null)
                return;
            _talk?.Say();
        }

        await AskAsync(open => _hasAsked ? Task.CompletedTask : NeedAsync(open, _ending.Token), _ending.Token);
    }

    private Task AgreedAsync(CancellationToken cancellation) => AskAsync(open => NeedAsync(open, cancellation), cancellation);

    private async Task AskAsync(Func<RelayConnection, Task> ask, CancellationToken cancellation)
    {
        try
        {
            await _turn.WaitAsync(cancellation);
            try
            {
                if (_open is { } open)
                    await ask(open);
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or InvalidOperationException or OperationCanceledException)
        {
            // The line is lost, and the next one asks anew.
        }
    }

    private async Task NeedAsync(RelayConnection connection, CancellationToken cancellation)
    {
        _chunk = -1;
        var newest = _talk?.Newest;
        if (newest is null && line.Options.MustSeal)
            return;
        if (newest is not null && newest != _seal && !_wasPlain)
            line.Options.Fingerprint?.Report(newest.Fingerprint);
        (_seal, _hasAsked) = (newest, true);
        _asked.Add(newest);
        var ranges = new JsonArray();

        // Who is asked for the last chunk once more says behind it what the whole is.
        if (IsWhole && !_isSaved && _digests.Length > 0)
            ranges.Add((JsonNode)new JsonArray(LastChunk, LastChunk));
        for (var from = 0; from < _digests.Length; from++)
        {
            if (_digests[from] is not null)
                continue;
            var to = from;
            while (to + 1 < _digests.Length && _digests[to + 1] is null)
                to++;
            ranges.Add((JsonNode)new JsonArray(from, to));
            from = to;
        }

        _wasPlain |= _seal is null && ranges.Count > 0;
        var need = new JsonObject { ["type"] = RelayWords.Need, ["ranges"] = ranges };
        if (_seal is not null)
            need["seal"] = _seal.Name;
        await connection.SayAsync(need, cancellation);
    }

    private async Task StoreAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellation)
    {
        var head = RelayHead.Read(frame.Span);
        if (head.Chunk < 0 || head.Chunk >= _digests.Length || _digests[head.Chunk] is not null)
            return;
        var payload = frame[RelayHead.Length..];
        if (_seal is not null)
        {
            // What is not of this seal is as if it had never come.
            if (_seal.Open(frame.Span, _plain) is not (> 0 and var length))
                return;
            payload = _plain.AsMemory(0, length);
        }

        if (head.Offset == 0)
        {
            _hash ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            _hash.GetHashAndReset();
            (_chunk, _at) = (head.Chunk, 0);
        }

        if (head.Chunk != _chunk || head.Offset != _at || _at + payload.Length > LengthOf(head.Chunk))
            return;
        try
        {
            await target.WriteAsync((head.Chunk * _chunkSize) + head.Offset, payload, cancellation);
        }
        catch (IOException failure)
        {
            throw NotKept(failure);
        }

        _hash!.AppendData(payload.Span);
        _at += payload.Length;
    }

    private async Task CheckAsync(RelayConnection connection, int chunk, string sha256, CancellationToken cancellation)
    {
        if (_digests[chunk] is not null)
            return;
        var isWhole = chunk == _chunk && _at == LengthOf(chunk);
        var digest = isWhole ? _hash!.GetHashAndReset() : null;
        _chunk = -1;
        if (digest is null || !IsSaid(sha256, _seal?.OfChunk(chunk, digest) ?? digest))
        {
            await NeedAsync(connection, cancellation);
            return;
        }

        _digests[chunk] = digest;
        target.Land(chunk, digest);
        line.Options.Progress?.Report(_digests.Count(one => one is not null) == _digests.Length
            ? _size
            : (long)_digests.Count(one => one is not null) * _chunkSize);
        _last = chunk;
        if (!IsWhole)
            await GotAsync(connection, chunk, cancellation);
    }

    private int LastChunk => _last ?? (_digests.Length - 1);

    private long LengthOf(long chunk) => Math.Min(_chunkSize, _size - (chunk * _chunkSize));

    private bool IsWhole => !Array.Exists(_digests, digest => digest is null);

    private bool IsRoot(string said)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var digest in _digests)
            hash.AppendData(digest!);
        var root = hash.GetHashAndReset();
        return _asked.Any(seal => IsSaid(said, seal?.OfRoot(_digests.Length, root) ?? root));
    }

    private static bool IsSaid(string said, byte[] computed) => Convert.ToHexStringLower(computed).Equals(said, StringComparison.OrdinalIgnoreCase);
}
