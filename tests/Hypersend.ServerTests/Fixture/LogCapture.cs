using System.Collections.Concurrent;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.Telemetry;
using Microsoft.Extensions.Logging;

namespace Hypersend.ServerTests.Fixture;

/// <summary>Every line the server logged while it ran, at the level it was started with.</summary>
internal sealed class LogCapture : ILoggerProvider
{
    // The password and the domain of everybody in the tests, and how tokens begin: access, refresh, upload.
    private static readonly string[] Secrets = [Person.FirstPassword, "@example.org", "eyJhbGciOi", "hsr_", "hsu_"];

    private readonly ConcurrentQueue<LogLine> _lines = new();

    public IReadOnlyList<LogLine> Lines => [.. _lines];

    /// <summary>What was logged before anybody could listen.</summary>
    public void AddEarlier(LogRing ring)
    {
        foreach (var line in ring.Latest(int.MaxValue, LogLevel.Trace))
            _lines.Enqueue(new LogLine(Enum.Parse<LogLevel>(line.Level), line.Category, line.EventId, line.Message, line.Exception));
    }

    /// <summary>Whatever was tested: no line may have what nobody may read in a log.</summary>
    public void AssertNoSecrets()
    {
        var told = _lines.FirstOrDefault(line => Array.Exists(Secrets, secret => line.ToString().Contains(secret, StringComparison.OrdinalIgnoreCase)));
        Assert.True(told is null, $"A secret stands in the log: {told}");
    }

    public ILogger CreateLogger(string categoryName) => new Writer(_lines, categoryName);

    public void Dispose()
    {
        // The lines outlive the server, so that they can be read after it stopped.
    }

    private sealed class Writer(ConcurrentQueue<LogLine> lines, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lines.Enqueue(new LogLine(logLevel, category, eventId.Id, formatter(state, exception), exception?.ToString()));

            // A bug: whoever reads of a 500 in a failed run has to see which one.
            if (logLevel >= LogLevel.Error && exception is not null && EngineFailures.Of(exception) is null && category.EndsWith(nameof(ExceptionAnswers), StringComparison.Ordinal))
                Console.Error.WriteLine($"server broke: {exception.ToString().ReplaceLineEndings(" ")}");
        }
    }
}

internal sealed record LogLine(LogLevel Level, string Category, int EventId, string Message, string? Exception);
