"""One bot of discord.py on a simulated Discord: connects, answers mentions, and says that it is there.

Usage: discord_memory.py URL TOKEN
"""

import sys

import discord
import yarl

url, token = sys.argv[1], sys.argv[2]
discord.http.Route.BASE = url + "/api/v10"
discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url.replace("http", "ws", 1))

intents = discord.Intents.none()
intents.guilds = intents.guild_messages = intents.dm_messages = True
client = discord.Client(intents=intents, max_messages=None)


@client.event
async def on_ready():
    print("ready", flush=True)


@client.event
async def on_message(message):
    if client.user in message.mentions and not message.author.bot:
        await message.reply("hm", allowed_mentions=discord.AllowedMentions(everyone=False, users=False, roles=False, replied_user=True))


client.run(token, log_handler=None)
