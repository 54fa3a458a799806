using System.CommandLine;
using Hypersend.Cli.Files.Progress;
using Hypersend.Cli.Profiles;
using Hypersend.Cli.Screens;
using Hypersend.Cli.Start;

namespace Hypersend.Cli.Files.Uploads;

/// <summary>Sends files, folders with their paths, and what comes through a pipe, into a chat.</summary>
internal sealed class UploadCommand : Verb
{
    private const string Pipe = "-";

    private readonly Argument<string[]> _what = new("FILE") { Description = "Files, folders, or - for what comes through a pipe.", Arity = ArgumentArity.OneOrMore };
    private readonly UploadOptions _options = new();
    private readonly Option<string?> _caption = new("--caption") { Description = "What the message says besides; of several files, that of the first.", HelpName = "TEXT" };
    private readonly Option<string?> _name = new("--name") { Description = "The name of what comes through a pipe, or of the one file.", HelpName = "NAME" };

    private readonly Option<bool> _again = new("--again") { Description = "Of several files, also those that arrived before the same command failed." };

    public UploadCommand(Workplace place)
        : base(place, "upload", "Send files or folders into a chat. After Ctrl-C, a crash or a lost network the same command goes on.")
    {
        Add(_what);
        _options.AddTo(this);
        Add(_caption);
        Add(_name);
        Add(_again);
    }

    protected override async Task RunAsync(ParseResult line, CancellationToken cancellation)
    {
        var (words, name) = (line.GetRequiredValue(_what), line.GetValue(_name));
        var passes = words is [Pipe] || (words is [var only] && !Directory.Exists(only) && FileIdentity.Find(only) is { IsRegular: false });
        if (!passes && words.Contains(Pipe))
            throw new StopException(ExitCodes.WrongUsage, "A pipe is sent alone: name the files in another command.");
        if (words is [Pipe] && name is null)
            throw new StopException(ExitCodes.WrongUsage, "What comes through a pipe has no name: give it one with --name.");
        if (words is [Pipe] && Place.Around.InputIsTerminal)
            throw new StopException(ExitCodes.WrongUsage, "Nothing comes through a pipe: write for example \"tar c . | hypersend upload - --name x.tar --to me\".");
        var missed = 0;
        var files = passes ? [] : LocalFile.Of(words, Screen.Complain, Miss, cancellation);
        if (!passes && files.Count == 0)
            throw new StopException(ExitCodes.Failed, "There is no file in there to send.");
        if (name is not null && files.Count > 1)
            throw new StopException(ExitCodes.WrongUsage, "--name is for one file.");

        using var me = Place.SignIn(line);
        var wish = (await _options.ReadAsync(line, Place, me, cancellation)) with { Caption = line.GetValue(_caption) };
        var screen = new TransferScreen(Place, WantsJson(line));
        if (passes)
            await PassAsync(words[0], name ?? Path.GetFileName(words[0]), me, wish, screen, cancellation);
        else
            await new SendFiles(Place, me, wish, screen).RunAsync(name is null ? files : [files[0] with { Name = name }], line.GetValue(_again), cancellation);
        if (missed > 0)
            throw new StopException(ExitCodes.Failed, $"What is named above was left out ({missed}); all the rest was sent.");

        void Miss(string sentence)
        {
            missed++;
            Screen.Complain(sentence);
        }
    }

    private async Task PassAsync(string word, string name, SignedInClient me, UploadWish wish, TransferScreen screen, CancellationToken cancellation)
    {
        var opened = word == Pipe ? null : new FileStream(word, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        await using (opened)
        {
            var done = await screen.RunAsync(
                new FileEvent { Event = "begun", Filename = name },
                name,
                shown => new SendStream(Place, me, wish).RunAsync(opened ?? Place.Around.Input.Value, name, shown, cancellation));
            screen.Sent(done, word == Pipe ? null : word, null);
        }
    }
}
