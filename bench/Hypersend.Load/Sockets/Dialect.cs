using System.Buffers.Text;

namespace Hypersend.Load.Sockets;

/// <summary>What one kind of server expects to be told on a socket, and what it says.</summary>
internal abstract class Dialect
{
    /// <summary>Path and query of the upgrade request.</summary>
    public abstract string Path { get; }

    /// <summary>A line of the upgrade request besides those that all have.</summary>
    public virtual string Header(int person) => "";

    /// <summary>The socket is open; greetings may be said.</summary>
    public abstract void Opened(LoadSocket socket);

    public abstract void Received(LoadSocket socket, ReadOnlySpan<byte> text, long now);

    /// <summary>Hands every marked message of the frame to the socket's ears; false when there is none.</summary>
    protected static bool Hear(LoadSocket socket, ReadOnlySpan<byte> text, long now)
    {
        var any = false;
        for (int at; (at = text.IndexOf(Mark.Sign)) >= 0; text = text[(at + Mark.Length)..])
        {
            any = true;
            socket.Ears?.Heard(socket, Mark.Read(text[at..]), now);
        }

        return any;
    }

    /// <summary>Tells the socket's ears every number that follows <paramref name="sign"/>; false when there is none.</summary>
    protected static bool HearAcknowledgements(LoadSocket socket, ReadOnlySpan<byte> text, ReadOnlySpan<byte> sign, long now)
    {
        var any = false;
        for (int at; (at = text.IndexOf(sign)) >= 0;)
        {
            any = true;
            text = text[(at + sign.Length)..];
            HearAcknowledgement(socket, text, now);
        }

        return any;
    }

    /// <summary>The text begins with the number.</summary>
    protected static void HearAcknowledgement(LoadSocket socket, ReadOnlySpan<byte> text, long now)
    {
        if (Utf8Parser.TryParse(text, out int number, out _))
            socket.Ears?.Acknowledged(socket, number, now);
    }
}
