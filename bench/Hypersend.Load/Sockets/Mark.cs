using System.Buffers.Text;
using System.Diagnostics;

namespace Hypersend.Load.Sockets;

/// <summary>
/// What every measured message carries inside its text: <c>~#</c>, whose it is, its number among theirs, and when it was
/// sent. A receiver finds it in the bytes as they came, without reading any JSON.
/// </summary>
internal readonly record struct Mark(int Sender, int Number, long SentAt)
{
    /// <summary><c>~#</c> 4 digits <c>.</c> 9 digits <c>.</c> 18 digits.</summary>
    public const int Length = 2 + 4 + 1 + 9 + 1 + 18;

    public static ReadOnlySpan<byte> Sign => "~#"u8;

    public TimeSpan Age(long now) => Stopwatch.GetElapsedTime(SentAt, now);

    public void Write(Span<byte> text)
    {
        "~#0000.000000000."u8.CopyTo(text);
        WriteDigits(text.Slice(2, 4), Sender);
        WriteDigits(text.Slice(7, 9), Number);
        WriteDigits(text.Slice(17, 18), SentAt);
    }

    public static Mark Read(ReadOnlySpan<byte> text)
    {
        if (text.Length < Length || !Utf8Parser.TryParse(text.Slice(2, 4), out int sender, out _) ||
            !Utf8Parser.TryParse(text.Slice(7, 9), out int number, out _) || !Utf8Parser.TryParse(text.Slice(17, 18), out long sentAt, out _))
        {
            throw new InvalidDataException("A message came back with a broken mark.");
        }

        return new Mark(sender, number, sentAt);
    }

    private static void WriteDigits(Span<byte> text, long value)
    {
        for (var at = text.Length - 1; at >= 0; at--, value /= 10)
            text[at] = (byte)('0' + (value % 10));
    }
}
