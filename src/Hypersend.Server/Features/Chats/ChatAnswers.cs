using System.Text.Json;
using Hypersend.Contracts;
using Hypersend.Contracts.Ids;
using Hypersend.Server.Features.Messages;
using Hypersend.Server.Platform.Problems;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Chats;

/// <summary>From what a store gave to what the caller gets.</summary>
internal static class ChatAnswers
{
    /// <summary>A refusal that says in <c>user_ids</c> whom it is about.</summary>
    public static Failure Naming(string code, IEnumerable<UserId> people) => new(code)
    {
        More = new Dictionary<string, JsonElement>
        {
            ["user_ids"] = JsonSerializer.SerializeToElement(people.Select(id => id.ToString()).ToArray(), HypersendJson.Wire.StringArray),
        },
    };

    /// <summary>Tells everybody what changed; the answer is for the one who changed it.</summary>
    public static async Task<Result<T>> PublishAsync<T>(this Task<Result<Changed<T>>> work, ChangePublisher publisher)
        where T : notnull
    {
        if (!(await work).Succeeded(out var changed, out var failure))
            return failure;
        if (changed.Change is { } change)
            await publisher.PublishAsync(change);
        return changed.Answer;
    }
}
