using System.Text;
using Hypersend.Server.Realtime.Sockets;

namespace Hypersend.Tests.Realtime;

public sealed class ClientFrameReaderTests
{
    [Theory]
    [InlineData("""{"type":"message.send"}""", ClientFrameType.MessageSend)]
    [InlineData("""{"type":"message"}""", ClientFrameType.MessageSend)]
    [InlineData("""{"type":"chat_message"}""", ClientFrameType.MessageSend)]
    [InlineData("""{"x":[{"type":"no"}],"type":"ping"}""", ClientFrameType.Ping)]
    [InlineData("""{"type":"p\u0069ng"}""", ClientFrameType.Ping)]
    [InlineData("""{"type":"ping","type":"typing"}""", ClientFrameType.Typing)]
    [InlineData("""{"type":"Ping"}""", ClientFrameType.Unknown)]
    [InlineData("""{"type":"presence.what"}""", ClientFrameType.Unknown)]
    [InlineData("""{"type":7}""", ClientFrameType.Malformed)]
    [InlineData("""{"type":{"type":"ping"}}""", ClientFrameType.Malformed)]
    [InlineData("""{}""", ClientFrameType.Malformed)]
    [InlineData("""null""", ClientFrameType.Malformed)]
    [InlineData(""" 12 """, ClientFrameType.Malformed)]
    [InlineData("""{"type":"ping","id":[1]}""", ClientFrameType.Malformed)]
    public void The_type_says_what_an_object_is(string json, object type) => Assert.Equal(type, Assert.Single(Read(json)).Type);

    [Theory]
    [InlineData("""{"type":"ping","id":"a\"b"}""", "\"a\\\"b\"")]
    [InlineData("""{"type":"ping","id": 1.50e3 }""", "1.50e3")]
    [InlineData("""{"id":true,"type":"ping"}""", "true")]
    [InlineData("""{"id":null,"type":"ping"}""", "null")]
    [InlineData("""{"type":"ping"}""", "")]
    [InlineData("""{"type":"ping","inner":{"id":1}}""", "")]
    public void An_id_of_any_kind_is_kept_as_it_was_written(string json, string id)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        Assert.Equal(id, Encoding.UTF8.GetString(Assert.Single(Read(json)).IdIn(bytes)));
    }

    [Fact]
    public void An_array_holds_objects_each_in_its_own_bytes()
    {
        const string Json = """ [ {"type":"ping","id":1} , {"type":"nope","x":{"y":[2]}},3, [4] ] """;
        var bytes = Encoding.UTF8.GetBytes(Json);
        var frames = Read(Json);
        Assert.Equal([ClientFrameType.Ping, ClientFrameType.Unknown, ClientFrameType.Malformed, ClientFrameType.Malformed], frames.Select(frame => frame.Type));
        Assert.Equal(
            ["""{"type":"ping","id":1}""", """{"type":"nope","x":{"y":[2]}}""", "3", "[4]"],
            frames.Select(frame => Encoding.UTF8.GetString(frame.JsonIn(bytes))));
        Assert.Empty(Read("[]"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""[{"type":"ping"}""")]
    [InlineData("""{"type":"ping"} {"type":"ping"}""")]
    [InlineData("""{"type":"ping",}""")]
    [InlineData("""{"type":"ping"}//""")]
    [InlineData("nonsense")]
    public void What_is_no_json_counts_as_a_whole(string json) => Assert.False(ClientFrameReader.TryRead(Encoding.UTF8.GetBytes(json), []));

    [Fact]
    public void Depth_and_bytes_that_are_no_text_are_refused()
    {
        Assert.False(ClientFrameReader.TryRead(Encoding.UTF8.GetBytes("""{"type":"ping","x":""" + new string('[', 64) + new string(']', 64) + "}"), []));
        Assert.False(ClientFrameReader.TryRead([.. "{\"type\":\"ping\",\"id\":\""u8, 0xC3, 0x28, .. "\"}"u8], []));
    }

    [Fact]
    public void An_id_has_a_length_to_it() =>
        Assert.Equal(ClientFrameType.Malformed, Assert.Single(Read($$"""{"type":"ping","id":"{{new string('x', 300)}}"}""")).Type);

    [Theory]
    [InlineData("""{"type":"\ud800"}""")]
    [InlineData("""{"\udc00":1,"type":"ping"}""")]
    [InlineData("""{"id":"\ud800","type":"ping"}""")]
    public void Halves_of_surrogate_pairs_break_nothing(string json)
    {
        var frames = new List<ClientFrame>();
        Assert.True(!ClientFrameReader.TryRead(Encoding.UTF8.GetBytes(json), frames) || frames.Count == 1);
    }

    private static List<ClientFrame> Read(string json)
    {
        var frames = new List<ClientFrame>();
        Assert.True(ClientFrameReader.TryRead(Encoding.UTF8.GetBytes(json), frames));
        return frames;
    }
}
