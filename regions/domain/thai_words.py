"""Words of Thai script, and what they stand for: goods, and the origins of protected names. "" is passed over."""

import unicodedata

_WORDS = """
ชา=tea ใบชา=tea ชาดำ=tea ชาเขียว=tea กาแฟ=coffee ข้าว=rice ข้าวสาร=rice ขมิ้น=turmeric ขมิ้นชัน=turmeric ผงขมิ้น=turmeric
ขิง=ginger พริกไทย=pepper พริก=chilli กระวาน=cardamom หญ้าฝรั่น=saffron น้ำผึ้ง=honey เกลือ=salt น้ำตาล=sugar
กระเทียม=garlic หอมแดง=onion มะขาม=tamarind มะขามหวาน=sweet|tamarind มะม่วง=mango กล้วย=banana ส้มโอ=pomelo ส้ม=orange
มะนาว=lemon ลิ้นจี่=litchi ลำไย=longan สับปะรด=pineapple มะพร้าว=coconut ทุเรียน=durian ไวน์=wine
ไหม=silk ผ้าไหม=silk ไหมไทย=thai|silk ผ้าไหมไทย=thai|silk ผ้า=cloth ผ้าทอ=cloth ผ้าฝ้าย=cotton ผ้าคลุมไหล่=shawl
ส่าหรี=saree พรม=carpet พัชมีนา=pashmina ปัศมีนา=pashmina เครื่องปั้นดินเผา=pottery กระดาษ=paper ตะกร้า=basket
ดาร์จีลิง=darjeeling ดาร์จีลิ่ง=darjeeling ลากาดอง=lakadong ลาคาดอง=lakadong อัสสัม=assam อัสซัม=assam แคชเมียร์=kashmir
กัศมีร์=kashmir สิกขิม=sikkim บาสมาติ=basmati บาสมาตี=basmati พาราณสี=varanasi กังระ=kangra นากา=naga โคลหาปูรี=kolhapuri
ดอยช้าง=doi|chaang ดอยตุง=doi|tung ลำพูน=lamphun ยกดอก=brocade อีสาน=isan เพชรบูรณ์=phetchabun จันทบุรี=chanthaburi จันท์=chanthaburi
สังข์หยด=sangyod พัทลุง=phatthalung ทุ่งกุลาร้องไห้=thung|kula|rong|hai หอมมะลิ=hom|mali ไทย=thai
จาก= ของ= แห่ง= และ=and
"""


def _read(lines: str) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in lines.split())
    # As texts are read: vowels of two signs taken apart.
    return {unicodedata.normalize("NFKD", thai): meaning.replace("|", " ") for thai, _is, meaning in pairs}


THAI = _read(_WORDS)
