using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.Settings;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Hypersend.Tests.Platform.Problems;

/// <summary>A line that breaks is nobody's bug.</summary>
public sealed class ExceptionAnswersTests
{
    private readonly Lines _lines = new();
    private readonly DefaultHttpContext _context = new();
    private readonly ExceptionAnswers _answers;

    public ExceptionAnswersTests() =>
        _answers = new ExceptionAnswers(ServerOptions.From(new SettingsReader(new ConfigurationBuilder().Build()), "http://127.0.0.1:8000"), _lines);

    public static TheoryData<Exception> Cuts => [new ConnectionResetException("reset"), new ConnectionAbortedException("aborted")];

    [Theory]
    [MemberData(nameof(Cuts))]
    public async Task A_line_that_broke_before_the_request_was_told_is_no_error_of_the_server(Exception cut)
    {
        Assert.True(await _answers.TryHandleAsync(_context, cut, TestContext.Current.CancellationToken));
        Assert.Equal(499, _context.Response.StatusCode);
        Assert.Empty(_lines.Levels);
    }

    [Fact]
    public async Task Who_goes_while_the_answer_is_written_breaks_nothing()
    {
        using var gone = new CancellationTokenSource();
        _context.RequestAborted = gone.Token;
        await using var line = new LineThatBreaks(gone);
        _context.Response.Body = line;
        Assert.True(await _answers.TryHandleAsync(_context, new BadHttpRequestException("Unexpected end of request content."), TestContext.Current.CancellationToken));
        Assert.Equal(499, _context.Response.StatusCode);
        Assert.Empty(_lines.Levels);
    }

    [Fact]
    public async Task Anything_else_is_told_and_logged()
    {
        Assert.True(await _answers.TryHandleAsync(_context, new InvalidOperationException(), TestContext.Current.CancellationToken));
        Assert.Equal(500, _context.Response.StatusCode);
        Assert.Equal([LogLevel.Error], _lines.Levels);
    }

    private sealed class LineThatBreaks(CancellationTokenSource gone) : MemoryStream
    {
        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await gone.CancelAsync();
            gone.Token.ThrowIfCancellationRequested();
        }
    }

    private sealed class Lines : ILogger<ExceptionAnswers>
    {
        public List<LogLevel> Levels { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Levels.Add(logLevel);
    }
}
