using System.Diagnostics;
using System.Text;
using Hypersend.Cli.Start;
using Hypersend.ServerTests.Fixture;
using Hypersend.Tests;

namespace Hypersend.ServerTests.Cli;

/// <summary>What a command left behind.</summary>
internal sealed record Outcome(int Code, string Out, string Error)
{
    public string[] Lines => Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public Outcome Succeeded()
    {
        Assert.True(Code == ExitCodes.Done, $"exit {Code}: {Error}");
        return this;
    }

    public Outcome Failed(int code)
    {
        Assert.True(Code == code, $"exit {Code}, not {code}: {Out}{Error}");
        return this;
    }
}

/// <summary>Somebody's machine with the command line on it and a home of its own. A script sits there, unless a person does.</summary>
internal sealed class Machine : IDisposable
{
    private readonly ScratchFolder _home = new();

    /// <summary>Whether a person sits at a terminal.</summary>
    public bool IsTerminal { get; init; }

    public string Folder => Path.Combine(_home.Path, "hypersend");

    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    /// <summary>Runs the program in this process, to its end.</summary>
    public Task<Outcome> RunAsync(params string[] words) => RunAsync("", words);

    public async Task<Outcome> RunAsync(string input, string[] words)
    {
        using var output = new MemoryStream();
        using var errors = new StringWriter();
        using var typed = new MemoryStream(Encoding.UTF8.GetBytes(input));
        var code = await CommandLine.RunAsync(words, Around(typed, output, errors), CancellationToken.None);
        return new Outcome(code, Encoding.UTF8.GetString(output.ToArray()), errors.ToString());
    }

    /// <summary>Runs the program in this process until the token says Ctrl-C, and writes what it says to the output as it comes.</summary>
    public Task<int> RunAsync(Stream output, CancellationToken interruption, params string[] words) =>
        CommandLine.RunAsync(words, Around(Stream.Null, output, TextWriter.Null), interruption);

    /// <summary>Runs the built program as a process of its own, to its end.</summary>
    public async Task<Outcome> SpawnAsync(string input, params string[] words)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "hypersend"), words)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["XDG_CONFIG_HOME"] = _home.Path;
        foreach (var (name, value) in Variables)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return new Outcome(process.ExitCode, await output, await errors);
    }

    /// <summary>Signs the person in here.</summary>
    public async Task<Machine> OfAsync(App app, Person person)
    {
        (await RunAsync(person.Password + "\n", ["login", app.Address.ToString(), "--user", person.Username, "--password-stdin"])).Succeeded();
        return this;
    }

    /// <summary>What commands work with here.</summary>
    public Workplace Place() => new(Around(Stream.Null, Stream.Null, TextWriter.Null));

    public void Dispose() => _home.Dispose();

    private Surroundings Around(Stream input, Stream output, TextWriter errors) => new()
    {
        Input = new Lazy<Stream>(input),
        Output = output,
        Out = new StreamWriter(output, new UTF8Encoding(false)) { AutoFlush = true },
        Error = errors,
        InputIsTerminal = IsTerminal,
        OutputIsTerminal = IsTerminal,
        ErrorIsTerminal = IsTerminal,
        Ask = _ => null,
        AskSecretly = _ => null,
        Variable = name => name switch
        {
            "XDG_CONFIG_HOME" => _home.Path,
            "TERM" => "xterm-256color",
            _ => Variables.GetValueOrDefault(name),
        },
        Clock = TimeProvider.System,
    };
}
