using Hypersend.Contracts.Admin;

namespace Hypersend.Server.Platform.Telemetry;

/// <summary>The last thousand log lines, for the admin's status page.</summary>
[ProviderAlias("Ring")]
internal sealed class LogRing(TimeProvider clock) : ILoggerProvider
{
    private const int Limit = 1_000;

    private readonly TimeProvider _clock = clock;
    private readonly Queue<DebugLogLine> _lines = new(Limit);
    private readonly Lock _guard = new();

    /// <summary>Newest last.</summary>
    public IReadOnlyList<DebugLogLine> Latest(int count, LogLevel atLeast)
    {
        lock (_guard)
            return [.. _lines.Where(line => Enum.Parse<LogLevel>(line.Level, ignoreCase: true) >= atLeast).TakeLast(count)];
    }

    public ILogger CreateLogger(string categoryName) => new Writer(this, categoryName);

    public void Dispose()
    {
        // Nothing is held but memory.
    }

    private void Add(DebugLogLine line)
    {
        lock (_guard)
        {
            if (_lines.Count == Limit)
                _lines.Dequeue();
            _lines.Enqueue(line);
        }
    }

    private sealed class Writer(LogRing ring, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel))
                return;
            ring.Add(new DebugLogLine
            {
                At = ring._clock.GetUtcNow(),
                Level = logLevel.ToString(),
                Category = category,
                EventId = eventId.Id,
                Message = formatter(state, exception),
                Exception = exception?.ToString(),
            });
        }
    }
}
