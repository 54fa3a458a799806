using Hypersend.Contracts.Errors;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Platform.Settings;
using Hypersend.Server.Start.Verbs;

namespace Hypersend.Tests.Start.Verbs;

public sealed class VerbTableTests : IDisposable
{
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();

    public void Dispose()
    {
        _out.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task A_verb_gets_what_follows_its_words_apart_from_the_settings()
    {
        var verb = new Recorded();
        Assert.Equal(0, await RunAsync(["count", "sheep", "meadow", "--dry", "--until", "ten", "--DATA_ROOT", "elsewhere", "--LOG_LEVEL=debug"], verb));
        var call = Assert.Single(verb.Calls);
        Assert.Equal(["meadow"], call.Operands);
        Assert.True(call.Has("--dry"));
        Assert.Equal("ten", call.Value("--until"));
        Assert.Equal(["--DATA_ROOT=elsewhere", "--LOG_LEVEL=debug"], call.Settings);
    }

    [Theory]
    [InlineData("hypersend-server has no verb dance tango.", "dance", "tango")]
    [InlineData("hypersend-server has no verb count.", "count")]
    [InlineData("hypersend-server has no verb count cows.", "count", "cows", "meadow")]
    [InlineData("count sheep needs WHERE.", "count", "sheep")]
    [InlineData("count sheep takes WHERE, not also barn.", "count", "sheep", "meadow", "barn")]
    [InlineData("count sheep has no option --wet.", "count", "sheep", "meadow", "--wet")]
    [InlineData("--until needs a value.", "count", "sheep", "meadow", "--until")]
    [InlineData("--DATA_ROOT needs a value.", "count", "sheep", "meadow", "--DATA_ROOT")]
    public async Task What_cannot_be_understood_gets_a_sentence_and_the_list(string sentence, params string[] args)
    {
        var verb = new Recorded();
        Assert.Equal(2, await RunAsync(args, verb));
        Assert.Empty(verb.Calls);
        Assert.StartsWith(sentence + Environment.NewLine, _error.ToString(), StringComparison.Ordinal);
        Assert.Contains("hypersend-server count sheep WHERE [--dry] [--until NUMBER]", _error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_out.ToString());
    }

    [Fact]
    public async Task The_longest_words_win()
    {
        var (verb, shorter) = (new Recorded(), new Recorded("count"));
        await RunAsync(["count", "sheep", "meadow"], verb, shorter);
        Assert.Single(verb.Calls);
        Assert.Empty(shorter.Calls);
    }

    [Fact]
    public async Task What_keeps_it_from_starting_is_said_in_a_sentence()
    {
        Assert.Equal(2, await RunAsync(["count", "sheep", "meadow"], new Recorded { Throws = new WrongSettingsException(["COLOUR=blue: it must be red."]) }));
        Assert.Equal($"COLOUR=blue: it must be red.{Environment.NewLine}", _error.ToString());
        Assert.Equal(1, await RunAsync(["count", "sheep", "meadow"], new Recorded { Throws = new EngineUnavailableException("database", new IOException("Gone.")) }));
        Assert.EndsWith($"A part of the server is away: Gone.{Environment.NewLine}", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_has_the_words_of_the_api()
    {
        Assert.Equal(1, await RunAsync(["count", "sheep", "meadow"], new Recorded { Refuses = new Failure(ErrorCodes.LastAdmin) }));
        Assert.StartsWith("The server would be without an admin. Make somebody else an admin first.", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_real_verbs_have_words_of_their_own_and_a_line_each()
    {
        Assert.Equal(VerbTable.All.Count, VerbTable.All.Select(verb => verb.Form.Words).Distinct().Count());
        var list = VerbTable.List(VerbTable.All);
        Assert.All(VerbTable.All, verb => Assert.Contains($"hypersend-server {verb.Form.Line}", list, StringComparison.Ordinal));
    }

    private Task<int> RunAsync(string[] args, params IVerb[] verbs) => VerbTable.RunAsync(args, verbs, new VerbCall(TextReader.Null, _out, _error));

    private sealed class Recorded(string words = "count sheep") : IVerb
    {
        public List<VerbCall> Calls { get; } = [];

        public Exception? Throws { get; init; }

        public Failure? Refuses { get; init; }

        public VerbForm Form { get; } = new(words, "counts them")
        {
            Operands = ["WHERE"],
            Switches = ["--dry"],
            Values = new Dictionary<string, string> { ["--until"] = "NUMBER" },
        };

        public Task<int> RunAsync(VerbCall call, CancellationToken cancellation)
        {
            Calls.Add(call);
            return Throws is null ? Task.FromResult(Refuses is null ? 0 : call.Refuse(Refuses)) : Task.FromException<int>(Throws);
        }
    }
}
