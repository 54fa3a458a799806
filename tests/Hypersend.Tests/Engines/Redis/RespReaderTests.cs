using System.Buffers;
using System.Text;
using Hypersend.Server.Engines.Redis;

namespace Hypersend.Tests.Engines.Redis;

public sealed class RespReaderTests
{
    private const string Talk =
        "+OK\r\n:-42\r\n$5\r\nhe\r\no\r\n$-1\r\n_\r\n#t\r\n,1.5\r\n=7\r\ntxt:abc\r\n*2\r\n$1\r\na\r\n*1\r\n:7\r\n%1\r\n+key\r\n:1\r\n" +
        ">3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$0\r\n\r\n-ERR no\r\n!6\r\nSYNTAX\r\n*-1\r\n~0\r\n";

    [Fact]
    public void Every_kind_of_value_is_read_as_it_is_meant()
    {
        var values = ReadAll(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(Talk)));
        Assert.Equal(
            [
                "Text OK", "Number -42", "Text he\r\no", "Null", "Null", "Number 1", "Text 1.5", "Text txt:abc", "Items [Text a, Items [Number 7]]",
                "Items [Text key, Number 1]", "Push [Text message, Text c, Text ]", "Error ERR no", "Error SYNTAX", "Null", "Items []",
            ],
            values.Select(Show));
    }

    [Fact]
    public void However_it_is_cut_into_pieces_it_reads_the_same_and_never_half_a_value()
    {
        var bytes = Encoding.UTF8.GetBytes(Talk);
        var whole = ReadAll(new ReadOnlySequence<byte>(bytes)).Select(Show).ToList();
        for (var cut = 0; cut <= bytes.Length; cut++)
        {
            var begun = ReadAll(new ReadOnlySequence<byte>(bytes.AsMemory(0, cut))).Select(Show).ToList();
            Assert.Equal(whole.Take(begun.Count), begun);
            Assert.Equal(whole, ReadAll(Pieces(bytes, cut)).Select(Show));
        }
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("$x\r\n")]
    [InlineData("$\r\n")]
    [InlineData("$-2\r\n")]
    [InlineData("$99999999999\r\n")]
    [InlineData(":12345678901234567890123456\r\n")]
    [InlineData("$3\r\nabcd\r\n")]
    [InlineData("*99999999\r\n")]
    [InlineData("*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n:1\r\n")]
    public void What_is_no_resp_is_refused(string text) =>
        Assert.Throws<InvalidDataException>(() => ReadAll(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(text))));

    [Fact]
    public void A_command_is_read_back_whatever_is_in_it()
    {
        var output = new ArrayBufferWriter<byte>();
        RedisCommand.Of("SET", "a\r\n$3\r\n", "").WriteTo(output);
        var command = Assert.Single(ReadAll(new ReadOnlySequence<byte>(output.WrittenMemory)));
        Assert.Equal(["SET", "a\r\n$3\r\n", ""], command.Items.Select(item => item.Text));
    }

    private static List<RespValue> ReadAll(ReadOnlySequence<byte> bytes)
    {
        var values = new List<RespValue>();
        while (RespReader.TryRead(bytes, out var value, out var consumed))
        {
            values.Add(value);
            bytes = bytes.Slice(consumed);
        }

        return values;
    }

    private static ReadOnlySequence<byte> Pieces(byte[] bytes, int cut)
    {
        var first = new Piece(bytes.AsMemory(0, cut));
        var last = first.Then(bytes.AsMemory(cut));
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private static string Show(RespValue value) => value.Kind switch
    {
        RespKind.Null => "Null",
        RespKind.Number => $"Number {value.Number}",
        RespKind.Items or RespKind.Push => $"{value.Kind} [{string.Join(", ", value.Items.Select(Show))}]",
        _ => $"{value.Kind} {value.Text}",
    };

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory) => Memory = memory;

        public Piece Then(ReadOnlyMemory<byte> memory)
        {
            var next = new Piece(memory) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
