using Hypersend.Server.Platform.Secrets;
using Hypersend.Server.Start;
using Hypersend.Server.Start.Verbs;

namespace Hypersend.Tests.Start;

public sealed class ExitCodesTests
{
    [Fact]
    public void What_is_only_away_is_worth_another_start_and_what_is_wrong_is_not()
    {
        Assert.Equal(1, ExitCodes.Of(new PreparationException("DATABASE_URL: Failed to connect", null) { IsAway = true }));
        Assert.Equal(2, ExitCodes.Of(new PreparationException("The database is not whole", null)));
        Assert.Equal(2, ExitCodes.Of(new SecretRefusedException("SECRET_KEY is too short.")));
    }
}
