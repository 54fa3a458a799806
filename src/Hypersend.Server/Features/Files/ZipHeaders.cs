using System.Buffers.Binary;

namespace Hypersend.Server.Features.Files;

/// <summary>The records of a ZIP as PKWARE's APPNOTE 6.3 has them, for files that are stored as they are.</summary>
internal static class ZipHeaders
{
    private const int LocalFixed = 30;
    private const int CentralFixed = 46;
    private const int EndFixed = 22;
    private const int End64Length = 56 + 20;
    // The time in UTC, to the second; the old field knows no zone and counts in twos.
    private const int TimeExtra = 9;
    private const int ExtraHead = 4;

    private const ushort Plain = 20;
    private const ushort Zip64 = 45;
    private const ushort Unix = 3 << 8;
    private const ushort Utf8Names = 1 << 11;
    // An ordinary file that its owner may write and everybody may read.
    private const uint Attributes = 0x81A4u << 16;

    /// <summary>Changes when the same files would make other bytes.</summary>
    public static ReadOnlySpan<byte> Version => "1"u8;

    private static bool IsLong(long value) => value >= uint.MaxValue;

    public static int LocalLength(ZipEntry entry, byte[] name) =>
        LocalFixed + name.Length + TimeExtra + (IsLong(entry.Size) ? ExtraHead + 16 : 0);

    public static int CentralLength(ZipEntry entry, byte[] name, long place) =>
        CentralFixed + name.Length + TimeExtra + Zip64Length(entry, place);

    private static int Zip64Length(ZipEntry entry, long place)
    {
        var fields = (IsLong(entry.Size) ? 16 : 0) + (IsLong(place) ? 8 : 0);
        return fields == 0 ? 0 : ExtraHead + fields;
    }

    public static byte[] Local(ZipEntry entry, byte[] name)
    {
        var bytes = new byte[LocalLength(entry, name)];
        var writer = new Writer(bytes);
        writer.U32(0x0403_4B50);
        writer.U16(IsLong(entry.Size) ? Zip64 : Plain);
        Shared(ref writer, entry);
        writer.U16((ushort)name.Length);
        writer.U16((ushort)(bytes.Length - LocalFixed - name.Length));
        writer.Bytes(name);
        if (IsLong(entry.Size))
        {
            writer.U16(0x0001);
            writer.U16(16);
            writer.U64(entry.Size);
            writer.U64(entry.Size);
        }
        Time(ref writer, entry);
        return bytes;
    }

    public static byte[] Central(ZipEntry entry, byte[] name, long place)
    {
        var bytes = new byte[CentralLength(entry, name, place)];
        var writer = new Writer(bytes);
        var extra = Zip64Length(entry, place);
        writer.U32(0x0201_4B50);
        writer.U16(Unix | Zip64);
        writer.U16(extra > 0 ? Zip64 : Plain);
        Shared(ref writer, entry);
        writer.U16((ushort)name.Length);
        writer.U16((ushort)(extra + TimeExtra));
        writer.U16(0); // no comment
        writer.U16(0); // one disk
        writer.U16(0); // not known to be text
        writer.U32(Attributes);
        writer.U32(Short(place));
        writer.Bytes(name);
        if (extra > 0)
        {
            // Only the fields that did not fit, in this order.
            writer.U16(0x0001);
            writer.U16((ushort)(extra - ExtraHead));
            if (IsLong(entry.Size))
            {
                writer.U64(entry.Size);
                writer.U64(entry.Size);
            }
            if (IsLong(place))
                writer.U64(place);
        }
        Time(ref writer, entry);
        return bytes;
    }

    /// <summary>What closes the ZIP: the central directory's count and place, in the long form where the short one is too small.</summary>
    public static byte[] End(int count, long from, long to)
    {
        var length = to - from;
        var isLong = count >= ushort.MaxValue || IsLong(length) || IsLong(from);
        var bytes = new byte[EndFixed + (isLong ? End64Length : 0)];
        var writer = new Writer(bytes);
        if (isLong)
        {
            writer.U32(0x0606_4B50);
            writer.U64(56 - 12); // what follows this field
            writer.U16(Unix | Zip64);
            writer.U16(Zip64);
            writer.U32(0);
            writer.U32(0);
            writer.U64(count);
            writer.U64(count);
            writer.U64(length);
            writer.U64(from);
            writer.U32(0x0706_4B50);
            writer.U32(0);
            writer.U64(to);
            writer.U32(1);
        }
        writer.U32(0x0605_4B50);
        writer.U16(0);
        writer.U16(0);
        writer.U16((ushort)Math.Min(count, ushort.MaxValue));
        writer.U16((ushort)Math.Min(count, ushort.MaxValue));
        writer.U32(Short(length));
        writer.U32(Short(from));
        writer.U16(0);
        return bytes;
    }

    private static uint Short(long value) => (uint)Math.Min(value, uint.MaxValue);

    private static void Shared(ref Writer writer, ZipEntry entry)
    {
        writer.U16(Utf8Names);
        writer.U16(0); // stored
        var (date, time) = DosTime(entry.Modified.UtcDateTime);
        writer.U16(time);
        writer.U16(date);
        writer.U32(entry.Crc32);
        writer.U32(Short(entry.Size));
        writer.U32(Short(entry.Size));
    }

    private static void Time(ref Writer writer, ZipEntry entry)
    {
        writer.U16(0x5455);
        writer.U16(5);
        writer.U8(1);
        writer.U32((uint)Math.Clamp(entry.Modified.ToUnixTimeSeconds(), 0, int.MaxValue));
    }

    /// <summary>From 1980 to 2107.</summary>
    private static (ushort Date, ushort Time) DosTime(DateTime time) =>
        time.Year < 1980 ? ((ushort)0x21, (ushort)0)
        : time.Year > 2107 ? ((ushort)0xFF9F, (ushort)0xBF7D)
        : ((ushort)(time.Year - 1980 << 9 | time.Month << 5 | time.Day), (ushort)(time.Hour << 11 | time.Minute << 5 | time.Second / 2));

    private ref struct Writer(Span<byte> rest)
    {
        private Span<byte> _rest = rest;

        public void U8(byte value)
        {
            _rest[0] = value;
            _rest = _rest[1..];
        }

        public void U16(ushort value)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(_rest, value);
            _rest = _rest[2..];
        }

        public void U32(uint value)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_rest, value);
            _rest = _rest[4..];
        }

        public void U64(long value)
        {
            BinaryPrimitives.WriteInt64LittleEndian(_rest, value);
            _rest = _rest[8..];
        }

        public void Bytes(ReadOnlySpan<byte> bytes)
        {
            bytes.CopyTo(_rest);
            _rest = _rest[bytes.Length..];
        }
    }
}
