using System.Diagnostics;
using Hypersend.Load.Sockets;

namespace Hypersend.Load.Fanout;

/// <summary>When a message has left the window, so that the next one may be said.</summary>
internal enum Leaves
{
    /// <summary>The server has acknowledged it; its copies may still be on their way.</summary>
    WhenAcknowledged,

    /// <summary>As many copies have arrived as there are listeners.</summary>
    WhenHeard,
}

/// <summary>One speaker with a few messages on their way, and everybody who listens.</summary>
internal sealed class Audience : IEars
{
    private const int Sampled = 64;

    private readonly SocketLoop _loop;
    private readonly LoadSocket _speaker;
    private readonly LoadSocket[] _listeners;
    private readonly Speech _speech;
    private readonly int _window;
    private readonly int _sampleEvery;
    private Samples? _samples;
    private Leaves _leaves;
    private bool _isSpeaking;
    private int _said;
    private int _acknowledged;
    private long _delivered;

    public Audience(SocketLoop loop, LoadSocket speaker, LoadSocket[] listeners, Speech speech, int window)
    {
        (_loop, _speaker, _listeners, _speech, _window) = (loop, speaker, listeners, speech, window);
        _sampleEvery = Math.Max(1, listeners.Length / Sampled);
        foreach (var listener in listeners)
            (listener.Ears, listener.Next) = (this, [0]);
        speaker.Ears = this;
    }

    /// <summary>Copies that arrived since the start.</summary>
    public long Delivered => _delivered;

    /// <summary>Speaks for a while and waits for the last copy; returns deliveries a second.</summary>
    public double Speak(TimeSpan length, Leaves leaves, Samples samples)
    {
        (_leaves, _samples, _isSpeaking) = (leaves, samples, true);
        var before = _delivered;
        var began = Stopwatch.GetTimestamp();
        SayWhatMay();
        _loop.Run(() => Stopwatch.GetElapsedTime(began) >= length, 2 * length);
        _isSpeaking = false;
        _loop.Run(() => _acknowledged == _said && _delivered == (long)_said * _listeners.Length, TimeSpan.FromSeconds(60));
        var rate = (_delivered - before) / Stopwatch.GetElapsedTime(began).TotalSeconds;
        return Array.TrueForAll(_listeners, listener => listener.Next[0] == _said)
            ? rate
            : throw new InvalidOperationException("Not everybody heard everything.");
    }

    public void Heard(LoadSocket socket, Mark mark, long now)
    {
        if (socket == _speaker)
            return;
        if (mark.Number != socket.Next[0]++)
        {
            _loop.Fail($"Socket {socket.Tag} expected message {socket.Next[0] - 1} and got {mark.Number}.");
            return;
        }

        _delivered++;
        if (socket.Person % _sampleEvery == 0)
            _samples!.Add(mark.Age(now));
        if (_isSpeaking)
            SayWhatMay();
    }

    public void Acknowledged(LoadSocket socket, int number, long now)
    {
        _acknowledged++;
        if (_isSpeaking)
            SayWhatMay();
    }

    private void SayWhatMay()
    {
        while (IsRoomInWindow())
            _speech.Say(_speaker, _said++);
        if (_speaker.HasOutput)
            _speaker.Flush();
    }

    private bool IsRoomInWindow() => _leaves == Leaves.WhenAcknowledged
        ? _said - _acknowledged < _window
        : _delivered + ((long)_window * _listeners.Length) >= (long)(_said + 1) * _listeners.Length;
}
