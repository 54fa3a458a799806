using System.Diagnostics;
using Hypersend.Cli.Manual;
using Hypersend.Cli.Start;

namespace Hypersend.ServerTests.Cli;

public sealed class ManualTests
{
    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Completions_have_every_command_and_every_option(string shell)
    {
        using var machine = new Machine();

        var script = (await machine.RunAsync("completions", shell)).Succeeded().Out;

        foreach (var page in Pages(machine))
        {
            Assert.All(page.Path, word => Assert.Contains(word, script));
            Assert.All(page.Options, option => Assert.Contains(option.Name.TrimStart('-'), script));
        }
    }

    [Theory]
    [InlineData("bash", """
        ask() { COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)); COMPREPLY=(); _hypersend; echo "${COMPREPLY[*]}"; }
        """)]
    [InlineData("zsh", """
        _describe() { local -a all=("${(P@)2}"); print -r -- ${(M)${all%%:*}:#${words[CURRENT]}*} }
        compadd() { print -r -- ${(M)${@:2}:#${words[CURRENT]}*} }
        _files() { print }
        ask() { words=("$@") CURRENT=$#; _hypersend }
        """)]
    [InlineData("fish", """
        function ask; set -l found (complete -C "$argv" | string replace -r '\t.*' ''); echo "$found"; end
        """)]
    public async Task The_shell_itself_completes_commands_options_and_choices(string shell, string ask)
    {
        using var machine = new Machine();
        using var empty = new Hypersend.Tests.ScratchFolder();
        var script = (await machine.RunAsync("completions", shell)).Succeeded().Out.Replace("compdef _hypersend hypersend", ":", StringComparison.Ordinal);
        string[] words = shell == "bash" ? [] : shell == "zsh" ? ["-f"] : ["--no-config"];
        var start = new ProcessStartInfo(shell, words) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = empty.Path };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"{shell} is not here.");
            return;
        }

        using (process)
        {
            await process.StandardInput.WriteAsync(script + "\n" + ask + """

                ask hypersend admin us
                ask hypersend --json lo
                ask hypersend admin user ana --role a
                ask hypersend upload --ret
                ask hypersend admin status --forg
                ask hypersend completions z
                ask hypersend upload ""

                """);
            process.StandardInput.Close();
            var said = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            Assert.Equal("", await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
            string[] expected = ["user users", "login logout", "admin", "--retention", "", "zsh", ""];
            Assert.Equal(expected, said.TrimEnd('\n').Split('\n').Concat([""]).Take(expected.Length).Select(line => string.Join(' ', line.Split(' ').Order(StringComparer.Ordinal))));
        }
    }

    [Fact]
    public async Task The_manual_names_every_command_and_every_exit_code_and_roff_understands_it()
    {
        using var machine = new Machine();

        var roff = (await machine.RunAsync("man")).Succeeded().Out;

        Assert.StartsWith(".TH HYPERSEND 1", roff);
        Assert.All(Pages(machine).Where(page => page.Path.Count > 0 && page.Command.Action is not null), page =>
            Assert.Contains($".SS {page.Usage.Replace("-", "\\-", StringComparison.Ordinal)}", roff));
        Assert.All(ExitCodes.Table, row => Assert.Contains($".B {row.Code}\n", roff));
        Assert.DoesNotContain(roff.Split('\n'), line => line.StartsWith('.') && !line.StartsWith(".TH ", StringComparison.Ordinal)
            && !line.StartsWith(".SH ", StringComparison.Ordinal) && !line.StartsWith(".SS ", StringComparison.Ordinal) && line != ".TP"
            && !line.StartsWith(".B ", StringComparison.Ordinal) && !line.StartsWith(".I ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_help_of_every_command_says_what_it_is_for()
    {
        using var machine = new Machine();
        foreach (var page in Pages(machine))
        {
            var help = (await machine.RunAsync([.. page.Path, "--help"])).Succeeded().Out;
            Assert.True(page.Description.Length > 10, page.Name);
            Assert.All(page.Options.Concat<System.CommandLine.Symbol>(page.Command.Arguments), symbol => Assert.False(string.IsNullOrEmpty(symbol.Description), $"{page.Name} {symbol.Name}"));
            Assert.Contains(page.Description.Split(' ')[0], help);
        }
    }

    [Fact]
    public async Task The_program_knows_its_version()
    {
        using var machine = new Machine();
        Assert.Equal(typeof(CommandPage).Assembly.GetName().Version!.ToString(3), (await machine.SpawnAsync("", "--version")).Succeeded().Out.Trim());
    }

    private static IReadOnlyList<CommandPage> Pages(Machine machine) => CommandPage.All(Hypersend.Cli.Program.Commands(machine.Place()));
}
