using Hypersend.Contracts;
using Hypersend.Contracts.Files;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Accounts;
using Hypersend.Server.Features.Files;
using Hypersend.Server.Features.Users;

namespace Hypersend.Server.Features.Imports;

/// <summary>
/// Takes what another server exported of a person. Ids and numbers of messages stay what they were, so that whatever is here already is
/// known by them: the same again changes nothing, and what was interrupted is brought to its end.
/// </summary>
internal sealed partial class ImportPerson(
    IImportStore store, IAccountStore accounts, IUserStore users, ChangeAvatar picture, ChangeSettings settings, ImportFiles files, PlanImport plans, TimeProvider clock)
{
    /// <summary>As many rows as one commit may have, so that nobody waits for it for long.</summary>
    private const int AtOnce = 500;

    // An account has some twenty rows: its words, its notes to itself.
    private const int PeopleAtOnce = 20;

    public async Task<Imported> HandleAsync(IImportSource source, bool samePeople, CancellationToken cancellation)
    {
        var export = new ReadExport(source);
        var plan = await plans.HandleAsync(export, samePeople, cancellation);
        var leftOut = new List<string>();
        var chats = await AgreeingAsync(export, plan, leftOut, cancellation);

        // From here on it writes.
        foreach (var some in plan.Missing.Chunk(PeopleAtOnce))
            await store.AddPeopleAsync(some, clock.GetUtcNow(), cancellation);
        var isNew = await TakeAccountAsync(export, plan, cancellation);
        var taken = await TakeFilesAsync(export, plan, leftOut, cancellation);
        var messages = 0L;
        foreach (var (chat, to) in chats)
            messages += await TakeChatAsync(export, plan, chat, to, taken, cancellation);
        var account = await accounts.FindAsync(plan.MyId, cancellation);
        return new Imported(account?.Username ?? plan.Me.Username, isNew, plan.Missing.Count(person => person.Id != plan.Me.Id), chats.Count, messages, taken.Count, leftOut);
    }

    /// <summary>Whether the account came by imports alone, and nobody has signed in to it yet.</summary>
    private async Task<bool> TakeAccountAsync(ReadExport export, ImportPlan plan, CancellationToken cancellation)
    {
        // It may have been made when somebody else was imported, who had written with them.
        var me = plan.Me;
        if (plan.MyId == me.Id)
            await store.ClaimAsync(new ImportedPerson { Id = me.Id, Username = me.Username, Name = me.Name, Bio = me.Bio, Email = me.Email }, cancellation);

        foreach (var other in await CircleAsync(export, "following.json", cancellation))
            await users.FollowAsync(plan.MyId, plan.Of(other), clock.GetUtcNow(), cancellation);
        foreach (var other in await CircleAsync(export, "blocked.json", cancellation))
            await users.BlockAsync(plan.MyId, plan.Of(other), clock.GetUtcNow(), cancellation);
        if (await accounts.FindAsync(plan.MyId, cancellation) is not { PasswordHash: null })
            return false;
        if (export.Has("settings.json"))
            await settings.HandleAsync(plan.MyId, await export.OneAsync("settings.json", HypersendJson.Wire.UserSettings, cancellation), cancellation);
        if (export.OpenPicture() is { } bytes)
        {
            await using (bytes)
                await picture.SetAsync(plan.MyId, bytes, cancellation);
        }

        return true;
    }

    private static async Task<IEnumerable<UserId>> CircleAsync(ReadExport export, string name, CancellationToken cancellation) =>
        export.Has(name) ? (await export.OneAsync(name, HypersendJson.Wire.PageOfUsers, cancellation)).Items.Select(user => user.Id) : [];

    private async Task<Dictionary<FileId, FileRow>> TakeFilesAsync(ReadExport export, ImportPlan plan, List<string> leftOut, CancellationToken cancellation)
    {
        var taken = new Dictionary<FileId, FileRow>();
        foreach (var card in plan.Files.Where(card => card.State == FileStates.Ready))
        {
            if (export.OpenFile(card.Id) is not { } bytes)
                continue;
            await using (bytes)
            {
                if (await files.HandleAsync(plan.MyId, card, bytes, leftOut, cancellation) is { } file)
                    taken[card.Id] = file;
            }
        }

        return taken;
    }
}
