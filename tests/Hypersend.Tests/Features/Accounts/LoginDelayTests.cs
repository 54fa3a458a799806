using Hypersend.Server.Features.Accounts;

namespace Hypersend.Tests.Features.Accounts;

public sealed class LoginDelayTests
{
    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 0)]
    [InlineData(4, 0)]
    [InlineData(5, 1)]
    [InlineData(6, 2)]
    [InlineData(7, 4)]
    [InlineData(14, 512)]
    [InlineData(15, 900)]
    [InlineData(100, 900)]
    [InlineData(int.MaxValue, 900)]
    public void The_delay_doubles_from_the_fifth_failure_to_a_quarter_of_an_hour(int failures, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), LoginDelay.After(failures));
}
