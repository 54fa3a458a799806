using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Hypersend.Contracts.Errors;

namespace Hypersend.ServerTests.Realtime.Frames;

/// <summary>What a client sends down to its bytes, and all that comes back before its last question is answered or the socket is closed.</summary>
internal sealed record FrameCase(string Number, string What, byte[] Sent, params string[] Expected)
{
    /// <summary>The answer to the question after every case: the socket lives on.</summary>
    public const string Alive = "alive";

    /// <summary>A JSON text of ours that the server answers with <see cref="Answer"/>.</summary>
    public const string Question = """{"type":"ping","id":"asked"}""";

    public const string Answer = "answer asked";

    public const string Malformed = "error " + ErrorCodes.MalformedFrame;

    public const string Broken = "closed 1002";

    public const byte More = 0x00;
    public const byte End = 0x80;
    public const byte Text = 0x01;
    public const byte Binary = 0x02;
    public const byte Close = 0x88;
    public const byte Ping = 0x89;
    public const byte Pong = 0x8A;

    public override string ToString() => $"{Number} {What}";

    /// <summary>The question, made as long as this by what nobody reads.</summary>
    public static byte[] QuestionOf(int length)
    {
        var begin = Question[..^1] + ",\"rest\":\"";
        return Encoding.UTF8.GetBytes(begin + new string('x', length - begin.Length - 2) + "\"}");
    }

    public static byte[] Frame(byte first, string payload) => Frame(first, Encoding.UTF8.GetBytes(payload));

    public static byte[] Frame(int first, byte[] payload) => Fixture.RawSocket.Frame((byte)first, payload);

    public static byte[] CloseOf(int code, string reason = "") => Frame(Close, CodeOf(code, Encoding.UTF8.GetBytes(reason)));

    public static byte[] CodeOf(int code, byte[] reason)
    {
        var payload = new byte[2 + reason.Length];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        reason.CopyTo(payload, 2);
        return payload;
    }

    /// <summary>A masked head that promises as many bytes as it says in 64 bits.</summary>
    public static byte[] HeadOf(ulong length)
    {
        var head = new byte[14];
        (head[0], head[1]) = (End | Text, 0x80 | 127);
        BinaryPrimitives.WriteUInt64BigEndian(head.AsSpan(2), length);
        RandomNumberGenerator.Fill(head.AsSpan(10));
        return head;
    }
}
