using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Hypersend.Contracts;

namespace Hypersend.Server.Realtime.Sockets;

/// <summary>Finds the objects of a message, their types and ids, straight in the bytes that came.</summary>
internal static class ClientFrameReader
{
    private const int LongestId = 256;

    // One more than a body may have, for the array around the objects.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = HypersendJson.Wire.Options.MaxDepth + 1 };

    private static readonly (byte[] Name, ClientFrameType Type)[] Types = [.. ClientFrame.Types.Select(row => (Encoding.UTF8.GetBytes(row.Name), row.Type))];

    /// <summary>False when the message is not JSON; then nothing of it counts.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, List<ClientFrame> frames)
    {
        if (!Utf8.IsValid(message))
            return false;
        try
        {
            var json = new Utf8JsonReader(message, Options);
            json.Read();
            if (json.TokenType == JsonTokenType.StartArray)
            {
                while (json.Read() && json.TokenType != JsonTokenType.EndArray)
                    frames.Add(ReadOne(ref json));
            }
            else
            {
                frames.Add(ReadOne(ref json));
            }

            // Whatever stands behind it makes the whole of it malformed.
            return !json.Read();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    private static ClientFrame ReadOne(ref Utf8JsonReader json)
    {
        var start = (int)json.TokenStartIndex;
        if (json.TokenType != JsonTokenType.StartObject)
        {
            json.Skip();
            return new ClientFrame(ClientFrameType.Malformed, start, (int)json.BytesConsumed - start, 0, 0);
        }

        var type = ClientFrameType.Malformed;
        var (idStart, idLength) = (0, 0);
        var isIdWrong = false;
        while (json.Read() && json.TokenType != JsonTokenType.EndObject)
        {
            if (json.ValueTextEquals("type"u8))
            {
                json.Read();
                type = json.TokenType == JsonTokenType.String ? TypeOf(ref json) : ClientFrameType.Malformed;
            }
            else if (json.ValueTextEquals("id"u8))
            {
                json.Read();
                (idStart, idLength) = ((int)json.TokenStartIndex, (int)(json.BytesConsumed - json.TokenStartIndex));
                isIdWrong = json.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray || idLength > LongestId;
            }
            else
            {
                json.Read();
            }

            json.Skip();
        }

        var length = (int)json.BytesConsumed - start;
        return isIdWrong ? new ClientFrame(ClientFrameType.Malformed, start, length, 0, 0) : new ClientFrame(type, start, length, idStart, idLength);
    }

    private static ClientFrameType TypeOf(ref Utf8JsonReader json)
    {
        foreach (var (name, type) in Types)
        {
            if (json.ValueTextEquals(name))
                return type;
        }

        return ClientFrameType.Unknown;
    }
}
