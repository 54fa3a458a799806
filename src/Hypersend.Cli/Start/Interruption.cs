using System.Runtime.InteropServices;

namespace Hypersend.Cli.Start;

/// <summary>The first Ctrl-C, or the first wish to end, cancels what runs; the second one ends the process there and then.</summary>
internal sealed class Interruption : IDisposable
{
    private const int None = int.MaxValue;

    private readonly CancellationTokenSource _stop = new();
    private readonly List<PosixSignalRegistration> _registrations = [];
    private int _signal = None;

    public Interruption()
    {
        foreach (var signal in (PosixSignal[])[PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP])
            _registrations.Add(PosixSignalRegistration.Create(signal, Came));
    }

    public CancellationToken Token => _stop.Token;

    /// <summary>The code that says which signal it was, when one ended the command.</summary>
    public int CodeOf(int code) => code == ExitCodes.Interrupted && _signal is not (None or (int)PosixSignal.SIGINT) ? ExitCodes.Terminated : code;

    public void Dispose()
    {
        foreach (var registration in _registrations)
            registration.Dispose();
        _stop.Dispose();
    }

    private void Came(PosixSignalContext context)
    {
        if (Interlocked.CompareExchange(ref _signal, (int)context.Signal, None) != None)
            return;
        context.Cancel = true;
        _stop.Cancel();
    }
}
