using System.Text.Json;
using Hypersend.Contracts.Messages;
using Hypersend.Server.Features.Messages;

namespace Hypersend.Server.Features.Search;

/// <summary>The terms by which messages are found; for one reader, which remembers the words of those before.</summary>
internal sealed class MessageTerms
{
    private readonly TextTerms _texts = new();
    private readonly List<int> _terms = new(256);

    /// <summary>In no order, some of them more than once; null of one that nobody is to find.</summary>
    public int[]? Of(SourceMessage message)
    {
        if (message.DeletedAt is not null || message.Type == MessageTypes.System)
            return null;
        _terms.Clear();
        _terms.Add(SearchTerms.Chat(MessageKey.ChatOf(message.Key)));
        _terms.Add(SearchTerms.From(message.SenderId));
        _texts.Add(_terms, message.Content ?? "");
        if (message.PinnedAt is not null)
            _terms.Add(SearchTerms.Pinned);
        if (SoughtMessage.HasLink(message.Content))
            _terms.Add(SearchTerms.Link);
        if (message.Mentions is not null)
        {
            foreach (var user in JsonSerializer.Deserialize(message.Mentions, StoredJson.Default.UserIdArray)!)
                _terms.Add(user == default ? SearchTerms.Everybody : SearchTerms.To(user));
        }

        if (message.Files is not null)
            AddFiles(message.Files);
        return [.. _terms];
    }

    private void AddFiles(string files)
    {
        _terms.Add(SearchTerms.File);
        foreach (var file in JsonSerializer.Deserialize(files, StoredJson.Default.SharedFileArray)!)
        {
            _texts.Add(_terms, SoughtMessage.NameOf(file));
            SearchTerms.AddSizes(_terms, file);
            if (SoughtMessage.IsImage(file))
                _terms.Add(SearchTerms.Image);
        }
    }
}
