using Hypersend.Contracts.Ids;

namespace Hypersend.Server.Platform.Auth;

/// <summary>Knows who wants nobody to know that they are here: what they do then is no sign of life.</summary>
internal interface IDiscretion
{
    bool IsHidden(UserId user);
}
