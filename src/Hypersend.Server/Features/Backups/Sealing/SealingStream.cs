using System.Security.Cryptography;

namespace Hypersend.Server.Features.Backups;

/// <summary>Reads what another stream has, sealed.</summary>
internal sealed class SealingStream : PullStream
{
    private readonly Stream _plain;
    private readonly AesGcm _aes;
    private readonly byte[] _frame = new byte[SealedFrames.FrameBytes];
    private readonly byte[] _out = new byte[SealedFrames.FrameBytes + SealedFrames.TagBytes];
    private long _left;
    private long _number;
    private int _from;
    private int _to;
    private bool _isOver;

    public SealingStream(PassphraseKey key, string name, long length, Stream plain)
        : base(SealedFrames.LengthOf(length))
    {
        (_plain, _left) = (plain, length);
        RandomNumberGenerator.Fill(_out.AsSpan(0, SealedFrames.SaltBytes));
        _to = SealedFrames.SaltBytes;
        _aes = key.ForPiece(name, _out.AsSpan(0, SealedFrames.SaltBytes));
    }

    protected override async ValueTask<int> PullAsync(Memory<byte> buffer, CancellationToken cancellation)
    {
        if (_from == _to && !_isOver)
            await SealAsync(cancellation);
        var count = Math.Min(buffer.Length, _to - _from);
        _out.AsMemory(_from, count).CopyTo(buffer);
        _from += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _aes.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask SealAsync(CancellationToken cancellation)
    {
        var length = (int)Math.Min(SealedFrames.FrameBytes, _left);
        await _plain.ReadExactlyAsync(_frame.AsMemory(0, length), cancellation);
        _left -= length;
        _isOver = _left == 0;
        Seal(length);
    }

    private void Seal(int length)
    {
        Span<byte> nonce = stackalloc byte[SealedFrames.NonceBytes];
        SealedFrames.Nonce(nonce, _number++, _isOver);
        _aes.Encrypt(nonce, _frame.AsSpan(0, length), _out.AsSpan(0, length), _out.AsSpan(length, SealedFrames.TagBytes));
        (_from, _to) = (0, length + SealedFrames.TagBytes);
    }
}
