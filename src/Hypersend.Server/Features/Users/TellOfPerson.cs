using Hypersend.Contracts;
using Hypersend.Contracts.Ids;
using Hypersend.Contracts.Messages;
using Hypersend.Contracts.Realtime;
using Hypersend.Server.Features.Chats;
using Hypersend.Server.Realtime;

namespace Hypersend.Server.Features.Users;

/// <summary>Tells everybody who shares a chat with a person what they are called and look like now.</summary>
internal sealed class TellOfPerson(IUserStore users, IChatStore chats, IBus bus)
{
    /// <summary>Runs to its end whatever became of the request: the change is on disk.</summary>
    public async Task HandleAsync(UserId id)
    {
        if (await users.FindAsync(id, id, CancellationToken.None) is not { } profile)
            return;
        var told = new UserUpdatedEvent
        {
            UserId = id,
            User = new Person
            {
                Id = id,
                Username = profile.Username,
                Name = profile.Name,
                AvatarUrl = UserRules.AvatarUrl(id, profile.AvatarHash),
            },
        };
        var numbers = await chats.NumbersOfAsync(id, CancellationToken.None);
        bus.Publish(new PersonNotice(id, numbers, EventJson.Of(told, HypersendJson.Wire.UserUpdatedEvent)));
    }
}
