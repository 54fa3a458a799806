using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Features.Imports;

/// <summary>Puts what came from another server into the rows of this one. Each call is one commit of at most 500 rows, and done twice does nothing more.</summary>
internal interface IImportStore
{
    /// <summary>Those of them who have an account here under that id.</summary>
    Task<IReadOnlyList<UserId>> KnownAsync(IReadOnlyCollection<UserId> ids, CancellationToken cancellation);

    /// <summary>Makes accounts that nobody can sign in to: without a password, and disabled where no mail could bring one. A name that is taken gets a number.</summary>
    Task AddPeopleAsync(IReadOnlyCollection<ImportedPerson> people, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Gives such an account to the person it is of; false when it is somebody's already.</summary>
    Task<bool> ClaimAsync(ImportedPerson person, CancellationToken cancellation);

    Task<ChatHere?> FindChatAsync(ChatId id, CancellationToken cancellation);

    Task<ChatHere?> FindDirectAsync(UserId one, UserId other, CancellationToken cancellation);

    /// <summary>What the chat has of these, by their numbers.</summary>
    Task<IReadOnlyList<MessageMark>> MarksAsync(long chatNo, IReadOnlyCollection<long> seqs, CancellationToken cancellation);

    Task MakeChatAsync(ImportedChat chat, CancellationToken cancellation);

    /// <summary>Whoever was in it before stays as they are, also those who left.</summary>
    Task AddMembersAsync(ChatId chat, IReadOnlyCollection<ImportedMember> members, DateTimeOffset now, CancellationToken cancellation);

    /// <summary>Writes those that come behind what is there, and counts them. They are no news: everybody has read them.</summary>
    Task<int> AppendAsync(ChatId chat, UserId me, IReadOnlyCollection<ImportedMessage> messages, DateTimeOffset now, CancellationToken cancellation);
}
