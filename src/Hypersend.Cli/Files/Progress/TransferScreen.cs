using Hypersend.Cli.Files.Uploads;
using Hypersend.Cli.Screens;
using Hypersend.Cli.Start;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Spectre.Console;

namespace Hypersend.Cli.Files.Progress;

/// <summary>Shows how far files are: as a bar to a person, as lines of JSON to a program that asked for them, else not at all.</summary>
internal sealed class TransferScreen(Workplace place, bool asJson)
{
    /// <summary>Does the work, and shows how it goes meanwhile.</summary>
    public async Task<T> RunAsync<T>(FileEvent what, string name, Func<TransferLine, Task<T>> work)
    {
        if (asJson || !place.Screen.ShowsWork)
            return await work(new TransferLine(place, asJson ? what : null));
        var line = new TransferLine(place, null);
        return await place.Screen.Work.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new WordsColumn(line))
            .StartAsync(async context =>
            {
                line.Bar = context.AddTask(Markup.Escape(Short(PlainText.OneLine(name))), maxValue: 1);
                return await work(line);
            });
    }

    /// <summary>How it ended: a line on the standard output.</summary>
    public void End(FileEvent what, params IReadOnlyList<string> words)
    {
        if (asJson)
            place.Screen.Json(what, FileNotesJson.Default.FileEvent);
        else if (place.Screen.IsTerminal)
            place.Screen.Line(string.Join("  ", words));
        else
            place.Screen.Table([], [words]);
    }

    /// <summary>A file was sent: what a script may want to know of it, and for a person its id, its size and its name.</summary>
    public void Sent(CompletedUpload done, string? path, string? folderPath) => End(
        new FileEvent
        {
            Event = "done",
            Path = path,
            FileId = done.FileId.ToString(),
            Filename = done.Filename,
            FolderPath = folderPath,
            Size = done.Size,
            Bytes = done.Size,
            Sha256Root = done.Sha256Root,
            Verified = true,
        },
        done.FileId.ToString(),
        Shown.Size(done.Size),
        folderPath ?? done.Filename);

    /// <summary>A file is there already.</summary>
    public void Skipped(FileId id, LocalFile file)
    {
        var size = FileIdentity.Find(file.FullPath)?.Size;
        var what = new FileEvent { Event = "skipped", Path = file.FullPath, FileId = id.ToString(), Filename = file.Name, FolderPath = file.FolderPath, Size = size };
        End(what, id.ToString(), Shown.Size(size), file.FolderPath ?? file.Name);
    }

    /// <summary>One of several files was not sent; people are told elsewhere.</summary>
    public void Failed(LocalFile file, string sentence)
    {
        if (asJson)
            place.Screen.Json(new FileEvent { Event = "failed", Path = file.FullPath, Filename = file.Name, FolderPath = file.FolderPath, Detail = sentence }, FileNotesJson.Default.FileEvent);
    }

    private static string Short(string name) => name.Length <= 32 ? name : name[..20] + "…" + name[^11..];

    private sealed class WordsColumn(TransferLine line) : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override Spectre.Console.Rendering.IRenderable Render(Spectre.Console.Rendering.RenderOptions options, ProgressTask task, TimeSpan deltaTime) => new Text(line.Words);
    }
}
