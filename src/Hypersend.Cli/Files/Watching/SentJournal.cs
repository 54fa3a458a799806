using System.Text;
using System.Text.Json;
using Hypersend.Cli.Profiles;

namespace Hypersend.Cli.Files.Watching;

/// <summary>A line of the journal: a file that has arrived, as it was then.</summary>
internal sealed record SentLine(FileIdentity Identity, string Path, string? FileId);

/// <summary>What was sent from a folder to a chat. Written before the upload's own note goes, so that no crash makes anything be sent twice.</summary>
internal sealed class SentJournal : IDisposable
{
    private readonly HashSet<FileIdentity> _sent = [];
    private readonly FileStream _file;

    private SentJournal(FileStream file, bool isNew) => (_file, IsNew) = (file, isNew);

    /// <summary>Nothing was watched here before.</summary>
    public bool IsNew { get; }

    /// <summary>Opens it for this process alone; null when another one has it.</summary>
    public static SentJournal? Open(string path)
    {
        ConfigFolder.Make(Path.GetDirectoryName(path)!);
        var isNew = !File.Exists(path);
        FileStream file;
        try
        {
            file = new FileStream(path, WholeFile.Options(FileMode.OpenOrCreate, FileShare.None));
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }

        var journal = new SentJournal(file, isNew);
        journal.Read();
        return journal;
    }

    public bool Has(FileIdentity identity) => _sent.Contains(identity);

    public void Add(SentLine line)
    {
        if (!_sent.Add(line.Identity))
            return;
        _file.Write([.. JsonSerializer.SerializeToUtf8Bytes(line, FileNotesJson.Default.SentLine), (byte)'\n']);
        _file.Flush(flushToDisk: true);
    }

    public void Dispose() => _file.Dispose();

    private void Read()
    {
        using var reader = new StreamReader(_file, Encoding.UTF8, leaveOpen: true);
        var text = reader.ReadToEnd();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (ReadLine(line) is { } sent)
                _sent.Add(sent.Identity);
        }

        // After a half line, which a crash left, the next one begins on its own.
        _file.Seek(0, SeekOrigin.End);
        if (text.Length > 0 && text[^1] != '\n')
            _file.WriteByte((byte)'\n');
    }

    private static SentLine? ReadLine(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, FileNotesJson.Default.SentLine);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
