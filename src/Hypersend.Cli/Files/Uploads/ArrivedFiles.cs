using Hypersend.Cli.Profiles;
using Hypersend.Cli.Start;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;

namespace Hypersend.Cli.Files.Uploads;

/// <summary>
/// What of several files is in a chat already, kept until all of them are: the same command, given again after a failure, sends
/// only the rest. When all have arrived it is forgotten, for then the same command means to send them once more.
/// </summary>
internal sealed class ArrivedFiles(Workplace place, SignedInClient me, ChatId chat)
{
    private const int PageSize = 100;

    private readonly Notes<ArrivedNote> _notes = new(Path.Combine(place.Profiles.Folder, "arrived"), FileNotesJson.Default.ArrivedNote);
    private readonly string _account = me.Profile.UserId.ToString();
    private readonly Dictionary<string, FileId> _there = new(StringComparer.Ordinal);

    /// <summary>Asks the server which of those that are noted are still there: others may have deleted some.</summary>
    public async Task LookAsync(CancellationToken cancellation)
    {
        var noted = new Dictionary<FileId, string>();
        foreach (var (key, note) in _notes.List().Where(one => one.Note.Server == me.Profile.Server && one.Note.Account == _account && one.Note.Chat == chat))
        {
            if (FileIdentity.Find(note.Path) == note.Identity)
                noted[note.FileId] = key;
            else
                _notes.Forget(key);
        }

        // The newest come first, and an id begins with its time: what is older than all that is noted is not looked at.
        string? cursor = null;
        for (var more = noted.Count > 0; more; more = cursor is not null && noted.Count > 0)
        {
            var page = await me.Client.Files.ListOfChatAsync(chat, cursor, PageSize, cancellation);
            foreach (var file in page.Items.Where(file => file.State == FileStates.Ready))
            {
                if (noted.Remove(file.Id, out var key))
                    _there[key] = file.Id;
            }

            var oldest = noted.Count == 0 ? Guid.Empty : noted.Keys.Min(id => id.Value);
            cursor = page.Items.Count > 0 && page.Items[^1].Id.Value.CompareTo(oldest) < 0 ? null : page.NextCursor;
        }

        foreach (var key in noted.Values)
            _notes.Forget(key);
    }

    /// <summary>What the file is in the chat; null when it has to be sent.</summary>
    public FileId? Find(LocalFile file) =>
        FileIdentity.Find(file.FullPath) is { } identity && _there.TryGetValue(KeyOf(file, identity), out var id) ? id : null;

    public void Add(LocalFile file, FileIdentity identity, FileId id) => _notes.Write(KeyOf(file, identity), new ArrivedNote
    {
        Server = me.Profile.Server,
        Account = _account,
        Chat = chat,
        Path = file.FullPath,
        Identity = identity,
        FileId = id,
    });

    public void Forget(IEnumerable<LocalFile> files)
    {
        foreach (var file in files)
        {
            if (FileIdentity.Find(file.FullPath) is { } identity)
                _notes.Forget(KeyOf(file, identity));
        }
    }

    private string KeyOf(LocalFile file, FileIdentity identity) => Notes<ArrivedNote>.KeyOf(me.Profile.Server, _account, chat, identity, file.Name, file.FolderPath);
}
