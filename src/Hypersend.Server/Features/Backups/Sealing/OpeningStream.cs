using System.Security.Cryptography;

namespace Hypersend.Server.Features.Backups;

/// <summary>Reads what was sealed. What was changed, or ends too early, is refused before a byte of its frame is handed out.</summary>
internal sealed class OpeningStream(PassphraseKey key, string name, Stream source) : PullStream
{
    private readonly byte[] _frame = new byte[SealedFrames.FrameBytes + SealedFrames.TagBytes];
    private readonly byte[] _out = new byte[SealedFrames.FrameBytes];
    private readonly byte[] _ahead = new byte[1];
    private AesGcm? _aes;
    private long _number;
    private int _kept;
    private int _from;
    private int _to;
    private bool _isOver;

    protected override async ValueTask<int> PullAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        while (_from == _to && !_isOver)
            await OpenAsync(cancellation);
        var count = Math.Min(buffer.Length, _to - _from);
        _out.AsMemory(_from, count).CopyTo(buffer);
        _from += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _aes?.Dispose();
            source.Dispose();
        }

        base.Dispose(disposing);
    }

    private async ValueTask OpenAsync(CancellationToken cancellation)
    {
        if (_aes is null)
        {
            var salt = new byte[SealedFrames.SaltBytes];
            if (await source.ReadAtLeastAsync(salt, salt.Length, throwOnEndOfStream: false, cancellation) < salt.Length)
                throw Damaged();
            _aes = key.ForPiece(name, salt);
        }

        // One byte more than the frame says whether it is the last one.
        _ahead.AsSpan(0, _kept).CopyTo(_frame);
        var length = _kept + await source.ReadAtLeastAsync(_frame.AsMemory(_kept), _frame.Length - _kept, throwOnEndOfStream: false, cancellation);
        _kept = length == _frame.Length ? await source.ReadAsync(_ahead, cancellation) : 0;
        _isOver = _kept == 0;
        if (length < SealedFrames.TagBytes)
            throw Damaged();
        Open(length - SealedFrames.TagBytes);
    }

    private void Open(int length)
    {
        Span<byte> nonce = stackalloc byte[SealedFrames.NonceBytes];
        SealedFrames.Nonce(nonce, _number++, _isOver);
        try
        {
            _aes!.Decrypt(nonce, _frame.AsSpan(0, length), _frame.AsSpan(length, SealedFrames.TagBytes), _out.AsSpan(0, length));
        }
        catch (AuthenticationTagMismatchException)
        {
            throw Damaged();
        }

        (_from, _to) = (0, length);
    }

    private BackupRefusedException Damaged() => new($"{name} is damaged or cut short: what was sealed is not what is there.");
}
