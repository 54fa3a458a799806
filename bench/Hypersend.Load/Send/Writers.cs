using System.Diagnostics;
using Hypersend.Load.Sockets;

namespace Hypersend.Load.Send;

/// <summary>
/// Everybody writes in a chat of their own circle, with a few messages on their way, and hears what the others of the
/// circle write: each of theirs once and in order. What a person wrote themselves comes back twice (acknowledgement and
/// event) and is only waited for once.
/// </summary>
internal sealed class Writers : IEars
{
    private readonly SocketLoop _loop;
    private readonly LoadSocket[] _sockets;
    private readonly Speech[] _speeches;
    private readonly int _circle;
    private readonly int _window;
    private readonly int[] _said;
    private readonly long[] _sentAt;
    private readonly Queue<LoadSocket> _resting = [];
    private Samples _waits = new();
    private bool _isWriting;
    private double _atMost;
    private long _began;
    private long _acknowledged;
    private long _heard;

    public Writers(SocketLoop loop, LoadSocket[] sockets, Speech[] speeches, int circle, int window)
    {
        (_loop, _sockets, _speeches, _circle, _window) = (loop, sockets, speeches, circle, window);
        _said = new int[sockets.Length];
        _sentAt = new long[sockets.Length * window];
        foreach (var socket in sockets)
            (socket.Ears, socket.Next) = (this, new int[circle]);
    }

    /// <summary>Messages that were acknowledged since the start.</summary>
    public long Written => _acknowledged;

    /// <summary>
    /// Writes for a while, not more a second than <paramref name="atMost"/>, and waits for the last acknowledgement and the last copy;
    /// returns acknowledged messages a second.
    /// </summary>
    public double Write(TimeSpan length, Samples waits, double atMost = double.PositiveInfinity)
    {
        (_waits, _isWriting, _atMost) = (waits, true, atMost);
        var before = _acknowledged;
        var began = Stopwatch.GetTimestamp();
        _began = began;
        foreach (var socket in _sockets)
        {
            for (var i = 0; i < _window; i++)
                Say(socket);
            socket.Flush();
        }

        _loop.Run(
            () =>
            {
                Wake(before);
                return Stopwatch.GetElapsedTime(began) >= length;
            },
            2 * length);
        _isWriting = false;
        _resting.Clear();
        _loop.Run(() => _acknowledged == _said.Sum(), TimeSpan.FromSeconds(30));
        var rate = (_acknowledged - before) / Stopwatch.GetElapsedTime(began).TotalSeconds;
        _loop.Run(() => _heard == _acknowledged * (_circle - 1), TimeSpan.FromSeconds(30));
        return rate;
    }

    public void Heard(LoadSocket socket, Mark mark, long now)
    {
        if (mark.Sender == socket.Person)
            return;
        if (mark.Sender / _circle != socket.Person / _circle || mark.Number != socket.Next[mark.Sender % _circle]++)
            _loop.Fail($"Person {socket.Person} got message {mark.Number} of person {mark.Sender} and expected {socket.Next[mark.Sender % _circle] - 1}.");
        _heard++;
    }

    public void Acknowledged(LoadSocket socket, int number, long now)
    {
        _acknowledged++;
        _waits.Add(Stopwatch.GetElapsedTime(_sentAt[Place(socket.Person, number)], now));
        if (_isWriting && double.IsPositiveInfinity(_atMost))
            Say(socket);
        else if (_isWriting)
            _resting.Enqueue(socket);
    }

    /// <summary>Lets those speak whose turn it is at this pace.</summary>
    private void Wake(long before)
    {
        var due = before + (long)(Stopwatch.GetElapsedTime(_began).TotalSeconds * _atMost);
        for (var said = _acknowledged + _sockets.Length * _window - _resting.Count; said < due && _resting.TryDequeue(out var socket); said++)
        {
            Say(socket);
            socket.Flush();
        }
    }

    private void Say(LoadSocket socket)
    {
        var number = _said[socket.Person]++;
        _sentAt[Place(socket.Person, number)] = Stopwatch.GetTimestamp();
        _speeches[socket.Person].Say(socket, number);
    }

    // The acknowledgements of one socket come in the order of its sends, so the window is a ring.
    private int Place(int person, int number) => (person * _window) + (number % _window);
}
