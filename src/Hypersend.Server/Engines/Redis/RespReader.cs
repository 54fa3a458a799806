using System.Buffers;
using System.Buffers.Text;

namespace Hypersend.Server.Engines.Redis;

/// <summary>
/// Takes values of RESP3 out of what came so far. A value that is not whole yet leaves everything where it is; bytes that are not
/// RESP are an <see cref="InvalidDataException"/>, after which the connection is of no use.
/// </summary>
internal static class RespReader
{
    private const int DeepestNesting = 8;
    private const int MostItems = 1024 * 1024;
    private const int LongestBytes = 64 * 1024 * 1024;
    private const int LongestLine = 64 * 1024;

    /// <summary>False when more bytes are needed; <paramref name="consumed"/> is behind the value that was read.</summary>
    public static bool TryRead(ReadOnlySequence<byte> bytes, out RespValue value, out SequencePosition consumed)
    {
        var reader = new SequenceReader<byte>(bytes);
        var isWhole = TryRead(ref reader, 0, out value);
        consumed = isWhole ? reader.Position : bytes.Start;
        return isWhole;
    }

    private static bool TryRead(ref SequenceReader<byte> reader, int depth, out RespValue value)
    {
        value = RespValue.Null;
        if (!reader.TryRead(out var type))
            return false;
        if (!reader.TryReadTo(out ReadOnlySequence<byte> line, "\r\n"u8))
            return reader.Remaining <= LongestLine ? false : throw new InvalidDataException("A line of Redis does not end.");
        switch ((char)type)
        {
            case '+' or ',' or '(':
                value = new RespValue { Kind = RespKind.Text, Bytes = line.ToArray() };
                return true;
            case '-':
                value = new RespValue { Kind = RespKind.Error, Bytes = line.ToArray() };
                return true;
            case ':':
                value = new RespValue { Kind = RespKind.Number, Number = Number(line) };
                return true;
            case '#':
                value = new RespValue { Kind = RespKind.Number, Number = line.Length == 1 && line.FirstSpan[0] == 't' ? 1 : 0 };
                return true;
            case '_':
                return true;
            case '$' or '=':
                return TryReadBytes(ref reader, Number(line), RespKind.Text, out value);
            case '!':
                return TryReadBytes(ref reader, Number(line), RespKind.Error, out value);
            case '*' or '~':
                return TryReadItems(ref reader, depth, Number(line), RespKind.Items, out value);
            case '%':
                return TryReadItems(ref reader, depth, 2 * Number(line), RespKind.Items, out value);
            case '>':
                return TryReadItems(ref reader, depth, Number(line), RespKind.Push, out value);
            default:
                throw new InvalidDataException($"Redis said something that begins with the byte {type}.");
        }
    }

    private static bool TryReadBytes(ref SequenceReader<byte> reader, long length, RespKind kind, out RespValue value)
    {
        value = RespValue.Null;
        if (length == -1)
            return true;
        if (length is < 0 or > LongestBytes)
            throw new InvalidDataException($"Redis announced {length} bytes.");
        if (reader.Remaining < length + 2)
            return false;
        var bytes = new byte[length];
        reader.TryCopyTo(bytes);
        reader.Advance(length);
        if (!reader.IsNext("\r\n"u8, advancePast: true))
            throw new InvalidDataException("What Redis announced is not where it ends.");
        value = new RespValue { Kind = kind, Bytes = bytes };
        return true;
    }

    private static bool TryReadItems(ref SequenceReader<byte> reader, int depth, long count, RespKind kind, out RespValue value)
    {
        value = RespValue.Null;
        if (count == -1)
            return true;
        if (count is < 0 or > MostItems || depth == DeepestNesting)
            throw new InvalidDataException($"Redis announced {count} items, {depth} deep.");

        // Only what is there is made room for, whatever was announced.
        var items = new List<RespValue>((int)Math.Min(count, reader.Remaining));
        for (var i = 0; i < count; i++)
        {
            if (!TryRead(ref reader, depth + 1, out var item))
                return false;
            items.Add(item);
        }

        value = new RespValue { Kind = kind, Items = items };
        return true;
    }

    private static long Number(ReadOnlySequence<byte> line)
    {
        Span<byte> digits = stackalloc byte[24];
        if (line.Length is 0 || line.Length > digits.Length)
            throw new InvalidDataException("Redis sent a number that is none.");
        line.CopyTo(digits);
        digits = digits[..(int)line.Length];
        return Utf8Parser.TryParse(digits, out long number, out var used) && used == digits.Length
            ? number
            : throw new InvalidDataException("Redis sent a number that is none.");
    }
}
