using System.Text;
using static Hypersend.ServerTests.Realtime.Frames.FrameCase;

namespace Hypersend.ServerTests.Realtime.Frames;

/// <summary>
/// The cases of RFC 6455, numbered in the groups in which implementers are used to look for them: 1 frames, 2 pings, 3 reserved
/// bits, 4 opcodes, 5 pieces, 6 UTF-8, 7 closing. Ours is no echo: a text is a question that gets an answer, and one that is not
/// JSON, or not even UTF-8, gets an error and costs nobody the socket, as the contract says.
/// </summary>
internal static class FrameCases
{
    public static IReadOnlyList<FrameCase> All { get; } =
        [.. Frames(), .. Pings(), .. ReservedBits(), .. Opcodes(), .. Pieces(), .. Utf8(), .. Closing()];

    private static IEnumerable<FrameCase> Frames()
    {
        yield return new("1.1", "an empty text", Frame(End | Text, ""), Malformed, Alive);
        var number = 2;
        foreach (var length in new[] { 124, 125, 126, 127, 128, 65_535, 65_536 })
            yield return new($"1.{number++}", $"a text of {length} bytes", Frame(End | Text, QuestionOf(length)), Answer, Alive);
        yield return new("1.9", "two texts at once", [.. Frame(End | Text, Question), .. Frame(End | Text, Question)], Answer, Answer, Alive);
        yield return new("1.10", "bytes that are no text", Frame(End | Binary, Question), Malformed, Alive);
        yield return new("1.11", "no bytes that are no text", Frame(End | Binary, ""), Malformed, Alive);
        yield return new("1.12", "a text without a mask", [End | Text, (byte)Question.Length, .. Encoding.ASCII.GetBytes(Question)], Broken);
        yield return new("1.13", "a text whose mask changes nothing", [End | Text, (byte)(0x80 | Question.Length), 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(Question)], Answer, Alive);
        yield return new("1.14", "a length of 2^63", HeadOf(1UL << 63), Broken);
        yield return new("1.15", "a length of 2^62", HeadOf(1UL << 62), "closed 4409");
        yield return new("1.16", "a length of 2^32", HeadOf(1UL << 32), "closed 4409");
    }

    private static IEnumerable<FrameCase> Pings()
    {
        byte[] odd = [0x00, 0xFF, 0xFE, 0xFD, 0xC0, 0x80, 0x01];
        yield return new("2.1", "a ping of nothing", Frame(Ping, ""), "pong ", Alive);
        yield return new("2.2", "a ping of text", Frame(Ping, "are you there?"), PongOf("are you there?"), Alive);
        yield return new("2.3", "a ping of bytes that are no text", Frame(Ping, odd), "pong " + Convert.ToHexString(odd), Alive);
        yield return new("2.4", "a ping of 125 bytes", Frame(Ping, new string('p', 125)), PongOf(new string('p', 125)), Alive);
        yield return new("2.5", "a ping of 126 bytes", Frame(Ping, new string('p', 126)), Broken);
        yield return new("2.6", "a pong nobody asked for", Frame(Pong, ""), Alive);
        yield return new("2.7", "a pong with something in it", Frame(Pong, "here"), Alive);
        yield return new("2.8", "a pong, then a ping", [.. Frame(Pong, "here"), .. Frame(Ping, "you?")], PongOf("you?"), Alive);
        string[] ten = [.. Enumerable.Range(0, 10).Select(i => $"ping {i}")];
        yield return new("2.9", "ten pings", [.. ten.SelectMany(ping => Frame(Ping, ping))], [.. ten.Select(PongOf), Alive]);
    }

    private static IEnumerable<FrameCase> ReservedBits()
    {
        for (var bits = 1; bits <= 7; bits++)
        {
            yield return new($"3.{bits}.1", $"a text with the reserved bits {bits}", Frame((bits << 4) | End | Text, Encoding.ASCII.GetBytes(Question)), Broken);
            yield return new($"3.{bits}.2", $"a ping with the reserved bits {bits}", Frame((bits << 4) | Ping, []), Broken);
            yield return new($"3.{bits}.3", $"a close with the reserved bits {bits}", Frame((bits << 4) | Close, []), Broken);
        }

        yield return new("3.8", "a good text before a bad one", [.. Frame(End | Text, Question), .. Frame(0x40 | End | Text, Encoding.ASCII.GetBytes(Question))], Answer, Broken);
    }

    private static IEnumerable<FrameCase> Opcodes()
    {
        foreach (var opcode in new[] { 3, 4, 5, 6, 7, 11, 12, 13, 14, 15 })
        {
            yield return new($"4.{opcode}.1", $"nothing of the opcode {opcode}", Frame(End | opcode, []), Broken);
            yield return new($"4.{opcode}.2", $"something of the opcode {opcode}", Frame(End | opcode, Encoding.ASCII.GetBytes(Question)), Broken);
            yield return new($"4.{opcode}.3", $"a text, then the opcode {opcode}", [.. Frame(End | Text, Question), .. Frame(End | opcode, [])], Answer, Broken);
        }
    }

    private static IEnumerable<FrameCase> Pieces()
    {
        var (first, rest) = (Question[..7], Question[7..]);
        yield return new("5.1", "a text in two pieces", [.. Frame(Text, first), .. Frame(End | More, rest)], Answer, Alive);
        yield return new("5.2", "a text in pieces of one byte", [.. Frame(Text, ""), .. Question.SelectMany(letter => Frame(More, letter.ToString())), .. Frame(End | More, "")], Answer, Alive);
        yield return new("5.3", "pieces of nothing", [.. Frame(Text, ""), .. Frame(More, ""), .. Frame(End | More, "")], Malformed, Alive);
        yield return new("5.4", "a ping between pieces", [.. Frame(Text, first), .. Frame(Ping, "now"), .. Frame(End | More, rest)], PongOf("now"), Answer, Alive);
        yield return new("5.5", "a pong between pieces", [.. Frame(Text, first), .. Frame(Pong, "now"), .. Frame(End | More, rest)], Answer, Alive);
        yield return new("5.6", "a ping in pieces", [.. Frame(Ping & 0x0F, "a"), .. Frame(End | More, "b")], Broken);
        yield return new("5.7", "a pong in pieces", [.. Frame(Pong & 0x0F, "a"), .. Frame(End | More, "b")], Broken);
        yield return new("5.8", "a close in pieces", [.. Frame(Close & 0x0F, ""), .. Frame(End | More, "")], Broken);
        yield return new("5.9", "the end of nothing", Frame(End | More, Question), Broken);
        yield return new("5.10", "the middle of nothing", Frame(More, Question), Broken);
        yield return new("5.11", "a text, then the end of nothing", [.. Frame(End | Text, Question), .. Frame(End | More, "")], Answer, Broken);
        yield return new("5.12", "a text within a text", [.. Frame(Text, first), .. Frame(End | Text, Question)], Broken);
        yield return new("5.13", "bytes within a text", [.. Frame(Text, first), .. Frame(End | Binary, "")], Broken);
        yield return new("5.14", "the beginning of a text within a text", [.. Frame(Text, first), .. Frame(Text, rest)], Broken);
        yield return new("5.15", "a close between pieces", [.. Frame(Text, first), .. CloseOf(1000)], "closed 1000");
        yield return new("5.16", "bytes in pieces", [.. Frame(Binary, first), .. Frame(End | More, rest)], Malformed, Alive);
        yield return new("5.17", "two texts in pieces", [.. Frame(Text, first), .. Frame(End | More, rest), .. Frame(Text, first), .. Frame(End | More, rest)], Answer, Answer, Alive);
    }

    private static IEnumerable<FrameCase> Utf8()
    {
        const string Greek = """{"type":"ping","id":"κόσμε 𝄞"}""";
        yield return new("6.1", "letters of two, three and four bytes", Frame(End | Text, Greek), "answer κόσμε 𝄞", Alive);
        var bytes = Encoding.UTF8.GetBytes(Greek);
        yield return new("6.2", "letters cut between pieces", [.. Frame(Text, bytes[..23]), .. bytes[23..^1].SelectMany(one => Frame(More, [one])), .. Frame(End | More, bytes[^1..])], "answer κόσμε 𝄞", Alive);
        (string What, byte[] Bytes)[] wrong =
        [
            ("a byte that begins nothing", [0x80]), ("a byte that is in no letter", [0xFF]), ("a letter cut off", [0xC3]), ("a letter of three bytes cut off", [0xE2, 0x82]),
            ("a letter made too long", [0xC0, 0xAF]), ("one made too long in three bytes", [0xE0, 0x80, 0xAF]), ("one made too long in four", [0xF0, 0x80, 0x80, 0xAF]),
            ("half of a pair", [0xED, 0xA0, 0x80]), ("the other half", [0xED, 0xBF, 0xBF]), ("a number above all letters", [0xF4, 0x90, 0x80, 0x80]), ("a letter of five bytes", [0xF8, 0x88, 0x80, 0x80, 0x80]),
        ];
        var number = 3;
        foreach (var (what, letter) in wrong)
        {
            byte[] inside = [.. """{"type":"ping","id":" """u8.TrimEnd((byte)' '), .. letter, .. "\"}"u8];
            yield return new($"6.{number}.1", what + ", in JSON", Frame(End | Text, inside), Malformed, Alive);
            yield return new($"6.{number}.2", what + ", alone", Frame(End | Text, letter), Malformed, Alive);
            yield return new($"6.{number++}.3", what + ", in the reason of a close", Frame(Close, CodeOf(1000, letter)), "closed 1007");
        }
    }

    private static IEnumerable<FrameCase> Closing()
    {
        yield return new("7.1", "a close without a code", Frame(Close, ""), "closed");
        yield return new("7.2", "a close of one byte", Frame(Close, [3]), Broken);
        yield return new("7.3", "a close with a reason", CloseOf(1000, "bye"), "closed 1000");
        yield return new("7.4", "a close with the longest reason", CloseOf(1000, new string('x', 123)), "closed 1000");
        yield return new("7.5", "a close with a longer one", CloseOf(1000, new string('x', 124)), Broken);
        yield return new("7.6", "a text after a close", [.. CloseOf(1000), .. Frame(End | Text, Question)], "closed 1000");
        yield return new("7.7", "a ping after a close", [.. CloseOf(1000), .. Frame(Ping, "x")], "closed 1000");
        yield return new("7.8", "two closes", [.. CloseOf(1001), .. CloseOf(1000)], "closed 1001");
        foreach (var code in new[] { 1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999 })
            yield return new($"7.9.{code}", $"the code {code}", CloseOf(code), $"closed {code}");
        foreach (var code in new[] { 0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535 })
            yield return new($"7.10.{code}", $"the code {code}, which is nobody's", CloseOf(code), Broken);
    }

    private static string PongOf(string payload) => "pong " + Convert.ToHexString(Encoding.UTF8.GetBytes(payload));
}
