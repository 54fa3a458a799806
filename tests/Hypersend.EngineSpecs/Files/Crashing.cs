using System.Reflection;

namespace Hypersend.EngineSpecs.Files;

/// <summary>The moment at which a server dies: the n-th call of anything that is wrapped, before it does anything.</summary>
internal sealed class CrashPoint
{
    private int _at;
    private int _calls;

    public void Arm(int at) => (_at, _calls) = (at, 0);

    public void Call()
    {
        if (++_calls == _at)
            throw new CrashedException();
    }
}

/// <summary>What stops work is never taken for a failure of one file, and so nothing goes on after it.</summary>
public sealed class CrashedException : OperationCanceledException;

/// <summary>A port that dies at the crash point. Between two calls there is nothing that could be half done.</summary>
public class Crashing<TPort> : DispatchProxy
    where TPort : class
{
    private TPort _inner = null!;
    private CrashPoint _point = null!;

    internal static TPort Wrap(TPort inner, CrashPoint point)
    {
        var wrapped = Create<TPort, Crashing<TPort>>();
        ((Crashing<TPort>)(object)wrapped)._inner = inner;
        ((Crashing<TPort>)(object)wrapped)._point = point;
        return wrapped;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        _point.Call();
        return targetMethod!.Invoke(_inner, args);
    }
}
