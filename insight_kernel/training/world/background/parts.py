"""What names of the background are made of: common given names, invented families, each in two scripts.

``first`` and ``second`` halves are joined for the family, ``ending`` is added; in Chinese and Japanese the given
name has two halves as well, written ``first-half|second-half``.
"""

MEN = {
    "ar": "Karim/كريم Yassine/ياسين Tarik/طارق Anouar/أنور Hicham/هشام Mounir/منير Driss/إدريس Jamal/جمال",
    "uk": "Dmytro/Дмитро Taras/Тарас Bohdan/Богдан Andrii/Андрій Maksym/Максим Yurii/Юрій Ostap/Остап Danylo/Данило",
    "el": "Stavros/Σταύρος Nikos/Νίκος Manolis/Μανώλης Kostas/Κώστας Thanasis/Θανάσης Petros/Πέτρος Markos/Μάρκος",
    "fr": "Lucien Bastien Gaspard Étienne Olivier Matthieu Firmin Thibault Corentin Augustin",
    "de": "Jürgen Torsten Sönke Dieter Rainer Ulrich Holger Detlef Jochen Matthias",
    "pt": "Thiago Otávio Raimundo Caio Joaquim Severino Danilo Murilo Estêvão Rafael",
    "sw": "Baraka Juma Hamisi Rashidi Salehe Omari Jabari Kito Chacha Mosi",
    "zh": "Bo/博 Hao/浩 Ming/明 Zhi/志 Wen/文 Jian/建 Lei/磊 Jun/俊|lin/霖 ran/然 yuan/远 tao/涛 yu/宇 kun/坤 hui/辉",
    "ja": "Ken/健 So/颯 Ryo/良 Tomo/智 Masa/雅 Hide/秀 Nao/直 Yu/勇|ta/太 hei/平 ya/也 ki/樹 to/斗 hiko/彦 suke/介",
}
WOMEN = {
    "ar": "Nadia/نادية Salma/سلمى Hanane/حنان Zineb/زينب Latifa/لطيفة Houda/هدى Malika/مليكة Siham/سهام",
    "uk": "Oksana/Оксана Halyna/Галина Solomiia/Соломія Iryna/Ірина Olena/Олена Daryna/Дарина Zoriana/Зоряна Vira/Віра",
    "el": "Eleni/Ελένη Despina/Δέσποινα Katerina/Κατερίνα Sofia/Σοφία Ioanna/Ιωάννα Kalliopi/Καλλιόπη Marina/Μαρίνα",
    "fr": "Margaux Odile Clémence Juliette Solange Mathilde Noémie Agathe Séverine Delphine",
    "de": "Heike Birgit Wiebke Annika Silke Gudrun Ulrike Imke Renate Frauke",
    "pt": "Luzia Conceição Iara Beatriz Marlene Jussara Rosângela Tereza Mônica Cleide",
    "sw": "Zawadi Neema Subira Asha Rehema Mwanaisha Halima Zuhura Tatu Bahati",
    "zh": "Yun/云 Qing/青 Ruo/若 Xue/雪 Jing/静 Meng/梦 Qiu/秋 Yi/忆|he/禾 zhu/竹 xi/溪 lan/兰 ya/雅 yao/瑶 dan/丹",
    "ja": "Mi/美 Chi/千 Sa/沙 Ma/真 Kazu/和 Haru/春 Yuki/雪 Asa/朝|saki/咲 ka/香 yo/代 e/恵 na/奈 ho/穂 ko/子 ne/音",
}
FIRST = {
    "ar": "Zelv/زلف Tumr/تمر Qasv/قسف Dhukk/ذك Wishm/وشم Ghazd/غزد Nuft/نفت",
    "uk": "Zhmar/Жмар Kvelt/Квельт Drobsh/Дробш Tulv/Тулв Perzh/Перж Hvint/Гвінт",
    "el": "Vrand/Βρανδ Kelz/Κελζ Myrtop/Μυρτοπ Tzelf/Τζελφ Drimp/Δριμπ Ftyrn/Φτυρν Skamv/Σκαμβ Ghlef/Γλεφ",
    "fr": "Brév Castel Vaudr Perch Loubr Tissand Maugr",
    "de": "Holl Quast Brun Tief Zwer Knapp Stief",
    "pt": "Tavor Belqu Sarand Moqu Vald Cravel Penh",
    "sw": "Mbarug Kitwel Nyaruv Odhamb Wekunz Tsumang Pwilam Gondher",
    "zh": "Shuang/霜 Mo/墨 Yan/雁 Lu/鹿 Song/松 Yin/银 Dai/黛 Hong/虹 Tan/潭 Ge/鸽 Xiang/香 Cui/翠",
    "ja": "Kiri/霧 Ame/雨 Shio/潮 Kasumi/霞 Nagi/凪 Tsuru/鶴 Koke/苔 Kaede/楓 Sagi/鷺 Mo/藻 Suna/砂 Hotaru/蛍",
}
SECOND = {
    "ar": "/ amz/امز urr/ور itv/يتف ong/ونغ eld/يلد ush/وش",
    "uk": "/ odr/одр yvts/ивц ambr/амбр uzht/ужт erbl/ербл",
    "el": "/ omb/ομβ ardz/αρδζ inth/ινθ esk/εσκ ofr/οφρ ypt/υπτ alk/αλκ",
    "fr": "/ andol ergu iss onnet ulv",
    "de": "/ enbach erloh ingrad osch umwald",
    "pt": "/ anc elid irov ondr umb",
    "sw": "/ ang ebir imol osh",
    "zh": "lan/岚 quan/泉 ting/汀 pu/浦 qiao/桥 po/坡 du/渡 ling/岭 wan/湾 xi/溪 yuan/源 gang/冈",
    "ja": "saka/坂 zawa/沢 miya/宮 nobe/野辺 se/瀬 gaki/垣 kubo/窪 kura/倉 buchi/淵 hata/畑 misaki/岬 toge/峠",
}
ENDING = {
    "ar": "ouni/وني affi/افي ekki/يكي",
    "uk": "enko/енко ychuk/ичук ak/ак",
    "el": "akos/άκος idis/ίδης oulis/ούλης",
    "fr": "court ignac eval",
    "de": "eler ing horst",
    "pt": "ense ato eira",
    "sw": "o i a",
    "zh": "/",
    "ja": "/",
}
ENDING_OF_WOMEN = ENDING | {"el": "akou/άκου idou/ίδου ouli/ούλη"}
