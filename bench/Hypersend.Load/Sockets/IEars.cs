namespace Hypersend.Load.Sockets;

/// <summary>Who counts what comes in.</summary>
internal interface IEars
{
    void Heard(LoadSocket socket, Mark mark, long now);

    /// <summary>The server has stored the sender's message of this number.</summary>
    void Acknowledged(LoadSocket socket, int number, long now);
}
