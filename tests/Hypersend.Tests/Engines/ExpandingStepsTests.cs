using Hypersend.Server.Engines.Sql.Shared;

namespace Hypersend.Tests.Engines;

/// <summary>Two versions run beside each other while a cluster is upgraded: a step of the schema only adds.</summary>
public sealed class ExpandingStepsTests
{
    [Fact]
    public void No_step_takes_away_what_servers_of_the_version_before_use() =>
        Assert.All(Migration.Embedded(), step => Assert.Empty(ExpandingSteps.Narrowing(step.Sql)));

    [Theory]
    [InlineData("ALTER TABLE users DROP COLUMN bio;")]
    [InlineData("drop table follows;")]
    [InlineData("ALTER TABLE users RENAME COLUMN bio TO about;")]
    [InlineData("ALTER TABLE users\n  ADD COLUMN age {int} NOT NULL;")]
    [InlineData("ALTER TABLE users ALTER COLUMN bio SET NOT NULL;")]
    [InlineData("ALTER TABLE users ADD CONSTRAINT short CHECK (length(bio) < 10);")]
    [InlineData("CREATE UNIQUE INDEX users_by_bio ON users (bio);")]
    public void What_takes_away_or_narrows_is_found(string step) => Assert.Single(ExpandingSteps.Narrowing("-- DROP TABLE is only said here.\n" + step));

    [Theory]
    [InlineData("ALTER TABLE users ADD COLUMN age {int} NOT NULL DEFAULT 0;")]
    [InlineData("ALTER TABLE users ADD COLUMN age {int};")]
    [InlineData("CREATE TABLE pets (name {text} NOT NULL); CREATE UNIQUE INDEX pets_by_name ON pets (name);")]
    [InlineData("DROP INDEX users_by_name; CREATE INDEX users_by_bio ON users (bio);")]
    [InlineData("-- contracts: not used since 1.4\nALTER TABLE users DROP COLUMN bio;")]
    public void What_only_adds_is_not(string step) => Assert.Empty(ExpandingSteps.Narrowing(step));
}
