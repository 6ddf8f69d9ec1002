//! The same behind sockets: raw frames, cut connections, and serenity as a client.

use std::{io::Read as _, sync::Arc, time::Duration};

use flate2::read::ZlibDecoder;
use lovelm::clock::SystemClock;
use serde_json::{Value, json};
use serenity::all::{
    ClientBuilder, Context, CreateAllowedMentions, CreateMessage, EditMessage, EventHandler, GatewayIntents,
    HttpBuilder, Message as Heard, async_trait,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::discord::{Discord, Fault, Person, Trouble, mention};

/// A frame as it came, or how the connection ended.
#[derive(Debug, PartialEq)]
enum Frame {
    Text(Value),
    /// Inflated.
    Binary(Value),
    Close(u16),
    End,
    Reset,
}

/// A WebSocket client that knows the least that one must.
struct Raw(TcpStream);

impl Raw {
    async fn connect(address: &str) -> Self {
        let mut socket = TcpStream::connect(address).await.expect("a connection");
        let hello = format!(
            "GET /?v=10&encoding=json HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
             Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        );
        socket.write_all(hello.as_bytes()).await.expect("written");
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(socket.read_u8().await.expect("an answer"));
        }
        assert!(head.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&head));
        Self(socket)
    }

    async fn send(&mut self, payload: &Value) {
        let bytes = payload.to_string().into_bytes();
        let length = u16::try_from(bytes.len()).expect("short");
        let mut frame = vec![0x81, 0xfe];
        frame.extend(length.to_be_bytes());
        // A mask of zeros leaves all as it is.
        frame.extend([0; 4]);
        frame.extend(bytes);
        self.0.write_all(&frame).await.expect("written");
    }

    async fn read(&mut self) -> Frame {
        match self.frame().await {
            Ok(frame) => frame,
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => Frame::Reset,
            Err(_) => Frame::End,
        }
    }

    async fn frame(&mut self) -> std::io::Result<Frame> {
        let head = [self.0.read_u8().await?, self.0.read_u8().await?];
        let length = match head[1] {
            126 => u64::from(self.0.read_u16().await?),
            127 => self.0.read_u64().await?,
            short => u64::from(short),
        };
        let mut bytes = vec![0; usize::try_from(length).expect("short")];
        self.0.read_exact(&mut bytes).await?;
        Ok(match head[0] & 0xf {
            1 => Frame::Text(serde_json::from_slice(&bytes).expect("JSON")),
            2 => {
                let mut text = String::new();
                ZlibDecoder::new(&bytes[..]).read_to_string(&mut text)?;
                Frame::Binary(serde_json::from_str(&text).expect("JSON"))
            }
            8 => Frame::Close(u16::from_be_bytes([bytes[0], bytes[1]])),
            other => panic!("opcode {other}"),
        })
    }

    async fn identify(&mut self, token: &str) {
        assert!(matches!(self.read().await, Frame::Text(hello) if hello["op"] == 10));
        let properties = json!({ "os": "linux", "browser": "raw", "device": "raw" });
        self.send(
            &json!({ "op": 2, "d": { "token": token, "intents": 513, "compress": true, "properties": properties } }),
        )
        .await;
        assert!(matches!(self.read().await, Frame::Binary(ready) if ready["t"] == "READY"));
        assert!(matches!(self.read().await, Frame::Binary(guild) if guild["t"] == "GUILD_CREATE"));
    }
}

async fn open() -> (Discord, String, String) {
    let discord = Discord::at(Arc::new(SystemClock::default()));
    let url = discord.listen().await.expect("a port");
    let token = discord.with(|network, _| {
        network.guild("town");
        network.channel("town", "lounge");
        network.meet(&Person::named("owner"));
        network.pulse().identify_every = Duration::ZERO;
        network.bot("omar")
    });
    (discord, url, token)
}

#[tokio::test]
async fn connections_are_compressed_reset_dropped_and_closed() {
    let (discord, url, token) = open().await;
    let address = url.trim_start_matches("http://");
    let close = Frame::Close(4009);
    for (fault, end) in [(Fault::Reset, Frame::Reset), (Fault::Drop, Frame::End), (Fault::Close(4009), close)] {
        discord.with(|network, _| network.restarted("omar"));
        let mut raw = Raw::connect(address).await;
        raw.identify(&token).await;
        raw.send(&json!({ "op": 1, "d": 2 })).await;
        assert_eq!(raw.read().await, Frame::Text(json!({ "op": 11, "d": null, "s": null, "t": null })));
        discord.with(|network, at| network.fault(at, "omar", fault));
        assert_eq!(raw.read().await, end, "{fault:?}");
    }
}

#[tokio::test]
async fn an_answer_may_be_cut_off() {
    let (discord, url, token) = open().await;
    let http = HttpBuilder::new(&token).proxy(&url).ratelimiter_disabled(true).build();
    assert_eq!(http.get_current_user().await.expect("me").name, "omar");
    discord.with(|network, _| network.plan("omar", "GET /users", Trouble::Cut));
    assert!(http.get_current_user().await.is_err());
    assert!(http.get_bot_gateway().await.expect("an address").url.starts_with("ws://127.0.0.1:"));
}

/// Answers whoever mentions it.
struct Echo;

#[async_trait]
impl EventHandler for Echo {
    async fn message(&self, context: Context, heard: Heard) {
        if heard.author.bot {
            return;
        }
        let nobody = CreateAllowedMentions::new().replied_user(true);
        let answer = CreateMessage::new().content("hm").reference_message(&heard).allowed_mentions(nobody.clone());
        let mut said = heard.channel_id.send_message(&context.http, answer).await.expect("an answer");
        tokio::time::sleep(Duration::from_millis(50)).await;
        let whole = EditMessage::new().content(format!("hm: {}", heard.content)).allowed_mentions(nobody);
        said.edit(&context.http, whole).await.expect("an edit");
    }
}

#[tokio::test]
async fn serenity_is_at_home() {
    let (discord, url, token) = open().await;
    let http = HttpBuilder::new(&token).proxy(&url).ratelimiter_disabled(true).build();
    let intents = GatewayIntents::GUILDS | GatewayIntents::GUILD_MESSAGES;
    let mut client = ClientBuilder::new_with_http(http, intents).event_handler(Echo).await.expect("a client");
    let running = tokio::spawn(async move { client.start().await });
    discord.until("it is there", |network| network.connected("omar")).await;
    let question = format!("{} 왜?", mention("omar"));
    for nth in 1..=3 {
        discord.with(|network, at| network.say(at, "lounge", &Person::named("minsu"), &question));
        let answered = |network: &crate::discord::Network| {
            network.ours().filter(|message| message.content == format!("hm: {question}")).count() == nth
        };
        discord.until("it answers", answered).await;
        discord.with(|network, at| network.fault(at, "omar", Fault::Reconnect));
        discord.until("it comes back", |network| network.report().resumes.get("omar") == Some(&nth)).await;
    }
    let report = discord.report();
    assert_eq!((report.identifies["omar"], report.misshapen), (1, Vec::new()));
    // It names the asker, and edits of three questions in a row come as they come.
    let other = report.breaches.iter().filter(|committed| {
        !matches!(committed.breach, crate::discord::Breach::LiveText | crate::discord::Breach::EditRate)
    });
    assert_eq!(other.count(), 0, "{:?}", report.breaches);
    running.abort();
}
