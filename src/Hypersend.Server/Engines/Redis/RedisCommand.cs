using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace Hypersend.Server.Engines.Redis;

/// <summary>A command and its arguments, each as bytes: nothing that is in one can end it.</summary>
internal sealed class RedisCommand(params IReadOnlyList<ReadOnlyMemory<byte>> parts)
{
    public static RedisCommand Of(params IEnumerable<string> parts) =>
        new([.. parts.Select(part => new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(part)))]);

    public void WriteTo(IBufferWriter<byte> output)
    {
        WriteHead(output, (byte)'*', parts.Count);
        foreach (var part in parts)
        {
            WriteHead(output, (byte)'$', part.Length);
            output.Write(part.Span);
            output.Write("\r\n"u8);
        }
    }

    private static void WriteHead(IBufferWriter<byte> output, byte type, int number)
    {
        var span = output.GetSpan(16);
        span[0] = type;
        Utf8Formatter.TryFormat(number, span[1..], out var length);
        span[1 + length] = (byte)'\r';
        span[2 + length] = (byte)'\n';
        output.Advance(3 + length);
    }
}
