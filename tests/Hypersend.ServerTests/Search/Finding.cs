using System.Diagnostics;
using Hypersend.Contracts.Errors;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Search;
using Hypersend.Sdk;
using Hypersend.ServerTests.Fixture;
using Person = Hypersend.ServerTests.Fixture.Person;

namespace Hypersend.ServerTests.Search;

/// <summary>What the tests of search say again and again.</summary>
internal static class Finding
{
    // The index follows the commits; it is asked for less than a second.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Asks until exactly these messages are found, the newest first.</summary>
    public static async Task<IReadOnlyList<FoundMessage>> FindsAsync(this Person person, string query, params Message[] expected)
    {
        var began = Stopwatch.GetTimestamp();
        var wanted = expected.Select(message => message.Id).ToList();
        while (true)
        {
            var found = await AskAsync(person, query);
            var ids = found.Select(message => message.Id).ToList();
            if (ids.SequenceEqual(wanted))
                return found;
            if (Stopwatch.GetElapsedTime(began) > Patience)
                Assert.Equal(wanted, ids);
            await Task.Delay(10);
        }
    }

    // An index that is being made anew is away for a moment, and says so.
    private static async Task<IReadOnlyList<FoundMessage>> AskAsync(Person person, string query)
    {
        try
        {
            return (await person.Search.MessagesAsync(query)).Items;
        }
        catch (HypersendException exception) when (exception.Problem.Code == ErrorCodes.Unavailable)
        {
            return [];
        }
    }

    /// <summary>The index is in step with all that was committed before: a message sent now, by somebody alone, is found.</summary>
    public static async Task InStepAsync(this App app)
    {
        var probe = await app.SignUpAsync("probe");
        var word = "probe" + probe.Id.Value.ToString("N");
        await probe.FindsAsync(word, await probe.SendAsync(await probe.RoomAsync(), word));
    }

    public static async Task<IReadOnlyList<MessageId>> IdsAsync(this Person person, string query, ChatId? chat = null) =>
        [.. (await person.Search.MessagesAsync(query, chat)).Items.Select(message => message.Id)];
}
