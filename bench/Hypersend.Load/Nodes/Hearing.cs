using Hypersend.Load.Sockets;

namespace Hypersend.Load.Nodes;

/// <summary>How old messages are when they are heard: where their sender is connected, and elsewhere.</summary>
internal sealed class Hearing(IEars counting, int nodes) : IEars
{
    public Samples Here { get; } = new();

    public Samples Elsewhere { get; } = new();

    /// <summary>What comes before is only counted.</summary>
    public bool IsOn { get; set; }

    public void Heard(LoadSocket socket, Mark mark, long now)
    {
        if (IsOn && mark.Sender != socket.Person)
            (mark.Sender % nodes == socket.Person % nodes ? Here : Elsewhere).Add(mark.Age(now));
        counting.Heard(socket, mark, now);
    }

    public void Acknowledged(LoadSocket socket, int number, long now) => counting.Acknowledged(socket, number, now);
}
